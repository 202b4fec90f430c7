import { account } from './account.ts';
import { aggTrades } from './agg-trades.ts';
import { bookTicker } from './book-ticker.ts';
import { depth } from './depth.ts';
import type { Endpoint } from './endpoint.ts';
import { exchangeInfo } from './exchange-info.ts';
import { klines } from './klines.ts';
import { ping } from './ping.ts';
import { premiumIndex } from './premium-index.ts';
import { ticker24hr } from './ticker-24hr.ts';
import { time } from './time.ts';
import { trades } from './trades.ts';

/** Every path served; orders join here. */
export const ENDPOINTS: readonly Endpoint[] = [
  ping,
  time,
  exchangeInfo,
  depth,
  trades,
  aggTrades,
  klines,
  ticker24hr,
  bookTicker,
  premiumIndex,
  account,
];
