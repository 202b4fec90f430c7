import type { TradingAccount } from '../../accounts/trading-account.ts';
import type { Exchange } from '../../exchange.ts';
import type { TradingVenue } from '../../trading/trading-venue.ts';
import type { Answer, ServedEndpoint } from '../endpoint.ts';
import { signedBy } from '../signature.ts';

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

/** An endpoint that only a signed request reaches. */
export function signedEndpoint({ answer, ...endpoint }: SignedEndpoint): ServedEndpoint {
  return {
    ...endpoint,
    answer(query, exchange, sent) {
      const caller = signedBy(query, exchange, sent);
      if (caller.kind !== 'CALLER') return caller;
      const given = answer({ query, exchange, account: caller.account, trading: exchange.trading });
      exchange.trading.saveChanges();
      return given;
    },
  };
}
