import { defineEndpoint } from '../rest/endpoint.ts';
import { isLoose } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';

const PATH = '/fapi/v1/listenKey';

/** `POST /fapi/v1/listenKey`: the account's listen key; one that is still valid is returned again and extended by 60 minutes. */
export const createListenKey = defineEndpoint<void, string>({
  method: 'POST',
  path: PATH,
  query: () => ({}),
  weight: () => 1,
  parse: keyOf,
});

/** `PUT /fapi/v1/listenKey`: extends the account's key by 60 minutes; -1125 if it has none. */
export const extendListenKey = defineEndpoint<void, true | WireFault>({
  method: 'PUT',
  path: PATH,
  query: () => ({}),
  weight: () => 1,
  parse: () => true,
});

function keyOf(json: unknown): string | WireFault {
  const key = isLoose(json) ? json['listenKey'] : undefined;
  return typeof key === 'string' && /^[\w-]{1,200}$/.test(key) ? key : badField('listenKey', 'listenKey', key);
}
