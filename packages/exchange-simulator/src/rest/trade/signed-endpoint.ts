import type { TradingAccount } from '../../accounts/trading-account.ts';
import type { Exchange } from '../../exchange.ts';
import type { TradingVenue } from '../../trading/trading-venue.ts';
import type { Answer, ServedEndpoint } from '../endpoint.ts';
import { signedBy } from '../signature.ts';
import { tooManyOrders } from './order-refusal.ts';

/** What a signed endpoint works on. */
export interface Call {
  readonly query: URLSearchParams;
  readonly account: TradingAccount;
  readonly exchange: Exchange;
  readonly trading: TradingVenue;
}

export interface SignedEndpoint extends Omit<ServedEndpoint, 'answer'> {
  answer(call: Call): Answer;
}

/** An endpoint that only a signed request reaches. It counts the orders of the account, and tells the counts in headers. */
export function signedEndpoint({ answer, ...endpoint }: SignedEndpoint): ServedEndpoint {
  return {
    ...endpoint,
    answer(query, exchange, sent) {
      const caller = signedBy(query, exchange, sent);
      if (caller.kind !== 'CALLER') return caller;
      const { account } = caller;
      const call = { query, exchange, account, trading: exchange.trading };
      const given = endpoint.orders === undefined ? answer(call) : counted(call, endpoint.orders(query), answer);
      exchange.trading.saveChanges();
      return given;
    },
  };
}

/** Answers a request that counts as orders, unless the account has sent too many. */
function counted(call: Call, orders: number, answer: (call: Call) => Answer): Answer {
  const { exchange, account } = call;
  const counts = exchange.orderMeter.charge(account.id, orders, exchange.now());
  return { ...(ordersRefusal(exchange, counts) ?? answer(call)), headers: orderCountHeaders(counts) };
}

type Charged = ReturnType<Exchange['orderMeter']['charge']>;

function ordersRefusal({ orderMeter: { limits } }: Exchange, { exceeded }: Charged): Answer | undefined {
  if (exceeded === undefined) return undefined;
  return exceeded === 'perMinute'
    ? tooManyOrders(limits.perMinute, 'MINUTE')
    : tooManyOrders(limits.perTenSeconds, '10 SECOND');
}

function orderCountHeaders({ tenSeconds, minute }: Charged): Record<string, number> {
  return { 'X-MBX-ORDER-COUNT-10S': tenSeconds, 'X-MBX-ORDER-COUNT-1M': minute };
}
