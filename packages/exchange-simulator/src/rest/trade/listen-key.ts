import { type Answer, ok, type ServedEndpoint } from '../endpoint.ts';
import { calledBy } from '../signature.ts';
import type { Call } from './signed-endpoint.ts';
import { noListenKey } from './trade-refusal.ts';

function listenKeyEndpoint(
  method: 'POST' | 'PUT' | 'DELETE',
  answer: (call: Omit<Call, 'query' | 'exchange'>, nowMs: number) => Answer,
): ServedEndpoint {
  return {
    method,
    path: '/fapi/v1/listenKey',
    weight: () => 1,
    answer(_, exchange, sent) {
      const caller = calledBy(exchange, sent);
      if (caller.kind !== 'CALLER') return caller;
      return answer({ account: caller.account, trading: exchange.trading }, exchange.now());
    },
  };
}

/** `POST`, `PUT` and `DELETE /fapi/v1/listenKey`: they need a key, but no signature. */
export const listenKeyEndpoints: readonly ServedEndpoint[] = [
  listenKeyEndpoint('POST', ({ account, trading }, nowMs) =>
    ok({ listenKey: trading.userStream.keys.start(account.id, nowMs) }),
  ),
  listenKeyEndpoint('PUT', ({ account, trading }, nowMs) => {
    const { keys } = trading.userStream;
    return keys.extend(account.id, nowMs) ? ok({ listenKey: keys.start(account.id, nowMs) }) : noListenKey();
  }),
  listenKeyEndpoint('DELETE', ({ account, trading }, nowMs) =>
    trading.userStream.keys.end(account.id, nowMs) ? ok({}) : noListenKey(),
  ),
];
