import { isLoose, isWhole } from '../../wire/field-checks.ts';
import { badField } from '../../wire/wire-fault.ts';
import { defineEndpoint } from '../endpoint.ts';

/** `GET /fapi/v1/time`: the venue's clock, epoch ms. */
export const serverTime = defineEndpoint<void, number>({
  path: '/fapi/v1/time',
  query: () => ({}),
  weight: () => 1,
  parse(json) {
    const time = isLoose(json) ? json['serverTime'] : undefined;
    return isWhole(time) ? time : badField('time', 'serverTime', time);
  },
});
