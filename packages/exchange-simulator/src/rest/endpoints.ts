import { account } from './account.ts';
import { aggTrades } from './agg-trades.ts';
import { assetIndex } from './asset-index.ts';
import { bookTicker } from './book-ticker.ts';
import { constituents } from './constituents.ts';
import { deliveryPrice } from './delivery-price.ts';
import { depth } from './depth.ts';
import type { Endpoint } from './endpoint.ts';
import { exchangeInfo } from './exchange-info.ts';
import { fundingInfo } from './funding-info.ts';
import { fundingRate } from './funding-rate.ts';
import { futuresData } from './futures-data.ts';
import { historicalTrades } from './historical-trades.ts';
import { indexInfo } from './index-info.ts';
import { continuousKlines, indexPriceKlines, klines, markPriceKlines, premiumIndexKlines } from './klines.ts';
import { openInterest } from './open-interest.ts';
import { ping } from './ping.ts';
import { premiumIndex } from './premium-index.ts';
import { rpiDepth } from './rpi-depth.ts';
import { ticker24hr } from './ticker-24hr.ts';
import { tickerPrice, tickerPriceV2 } from './ticker-price.ts';
import { time } from './time.ts';
import { trades } from './trades.ts';

/** Every path served; orders join here. */
export const ENDPOINTS: readonly Endpoint[] = [
  ping,
  time,
  exchangeInfo,
  depth,
  rpiDepth,
  trades,
  historicalTrades,
  aggTrades,
  klines,
  continuousKlines,
  markPriceKlines,
  indexPriceKlines,
  premiumIndexKlines,
  ticker24hr,
  tickerPrice,
  tickerPriceV2,
  bookTicker,
  premiumIndex,
  fundingRate,
  fundingInfo,
  openInterest,
  constituents,
  indexInfo,
  assetIndex,
  ...futuresData,
  deliveryPrice,
  account,
];
