import { CLOSE_GRACE_MS, type KlineKeeper } from './kline-keeper.ts';
import type { PollJob } from './poll-loop.ts';
import type { Moment } from './venue-clock.ts';
import type { DeskSymbol } from './watch-desk.ts';

const MINUTE_MS = 60_000;
/** After a candle's grace; the venue's clock is known to half a round trip only. */
const CANDLE_DELAY_MS = CLOSE_GRACE_MS + 500;
/** Symbols' candles are asked for this far apart. */
const CANDLE_STAGGER_MS = 30;
/** A candle that is not there yet is asked for again after this. */
const CANDLE_RETRY_MS = 2_000;
/** A symbol that the venue refuses is asked for this rarely. */
export const REFUSED_MS = 60_000;

export interface CandleJobsOptions<S extends DeskSymbol> {
  readonly klines: Pick<KlineKeeper, 'isCurrent'>;
  readonly moment: () => Moment;
  readonly keepCandles: (symbol: S) => Promise<void>;
}

/** Jobs that ask for each symbol's candles right after they have closed. */
export function candleJobs<S extends DeskSymbol>(
  symbols: readonly S[],
  { klines, moment, keepCandles }: CandleJobsOptions<S>,
): readonly PollJob[] {
  return symbols.map((symbol, i) => ({
    name: `candles ${symbol.symbol}`,
    urgency: 2,
    weight: 2,
    keepFree: 0,
    dueAfter: (begunTs) => {
      if (begunTs !== undefined && symbol.isRefused) return begunTs + REFUSED_MS;
      if (begunTs !== undefined && !klines.isCurrent(symbol.symbol)) return begunTs + CANDLE_RETRY_MS;
      const delayMs = CANDLE_DELAY_MS + i * CANDLE_STAGGER_MS;
      const { now, venueNow } = moment();
      const next = Math.ceil((venueNow - delayMs + 1) / MINUTE_MS) * MINUTE_MS + delayMs;
      return now + (next - venueNow);
    },
    run: () => keepCandles(symbol),
  }));
}
