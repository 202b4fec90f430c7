import { ok, type ServedEndpoint } from '../endpoint.ts';
import { wordParameter } from '../parameters.ts';
import { positionModeWithOrders, positionModeWithPosition, samePositionMode } from './margin-refusal.ts';
import { SUCCESS } from './money-fields.ts';
import { signedEndpoint } from './signed-endpoint.ts';

const PATH = '/fapi/v1/positionSide/dual';

/** `GET` and `POST /fapi/v1/positionSide/dual`: one-way or hedge mode, for all symbols. */
export const positionSideEndpoints: readonly ServedEndpoint[] = [
  signedEndpoint({
    method: 'GET',
    path: PATH,
    weight: () => 30,
    answer: ({ account }) => ok({ dualSidePosition: account.isHedge }),
  }),
  signedEndpoint({
    method: 'POST',
    path: PATH,
    weight: () => 1,
    answer: ({ query, account, trading }) => {
      const word = wordParameter(query, 'dualSidePosition', ['true', 'false']);
      if (word.kind !== 'VALUE') return word;
      const isHedge = word.value === 'true';
      if (isHedge === account.isHedge) return samePositionMode();
      if (trading.engine.open.ofAccount(account.id).length > 0) return positionModeWithOrders();
      if (account.positions().some(({ holding }) => holding.steps !== 0)) return positionModeWithPosition();
      account.isHedge = isHedge;
      return ok(SUCCESS);
    },
  }),
];
