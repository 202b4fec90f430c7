import { isLoose } from '../../wire/field-checks.ts';
import { badField } from '../../wire/wire-fault.ts';
import { defineEndpoint } from '../endpoint.ts';

/** `GET /fapi/v1/positionSide/dual`, signed: HEDGE holds a long and a short position of one symbol at once. */
export const positionMode = defineEndpoint<void, 'ONE_WAY' | 'HEDGE'>({
  path: '/fapi/v1/positionSide/dual',
  query: () => ({}),
  weight: () => 30,
  parse(json) {
    const dual = isLoose(json) ? json['dualSidePosition'] : undefined;
    if (typeof dual !== 'boolean') return badField('positionSide/dual', 'dualSidePosition', dual);
    return dual ? 'HEDGE' : 'ONE_WAY';
  },
});
