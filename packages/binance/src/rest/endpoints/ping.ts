import { isLoose } from '../../wire/field-checks.ts';
import { badField } from '../../wire/wire-fault.ts';
import { defineEndpoint } from '../endpoint.ts';

/** `GET /fapi/v1/ping`: whether the venue answers. */
export const ping = defineEndpoint<void, true>({
  path: '/fapi/v1/ping',
  query: () => ({}),
  weight: () => 1,
  parse: (json) => (isLoose(json) ? true : badField('ping', 'answer', json)),
});
