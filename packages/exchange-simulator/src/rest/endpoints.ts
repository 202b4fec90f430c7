import { aggTrades } from './agg-trades.ts';
import { assetIndex } from './asset-index.ts';
import { bookTicker } from './book-ticker.ts';
import { constituents } from './constituents.ts';
import { deliveryPrice } from './delivery-price.ts';
import { depthEndpoint } from './depth.ts';
import type { ServedEndpoint } from './endpoint.ts';
import { exchangeInfoEndpoint } from './exchange-info.ts';
import { fundingInfo } from './funding-info.ts';
import { fundingRate } from './funding-rate.ts';
import { futuresData } from './futures-data.ts';
import { historicalTrades } from './historical-trades.ts';
import { indexInfo } from './index-info.ts';
import { continuousKlines, indexPriceKlines, klinesEndpoint, markPriceKlines, premiumIndexKlines } from './klines.ts';
import { openInterestEndpoint } from './open-interest.ts';
import { ping } from './ping.ts';
import { premiumIndexEndpoint } from './premium-index.ts';
import { rpiDepth } from './rpi-depth.ts';
import { ticker24hr } from './ticker-24hr.ts';
import { tickerPrice, tickerPriceV2 } from './ticker-price.ts';
import { time } from './time.ts';
import { TRADE_ENDPOINTS } from './trade/trade-endpoints.ts';
import { tradesEndpoint } from './trades.ts';

/** Every served path. */
export const ENDPOINTS: readonly ServedEndpoint[] = [
  ping,
  time,
  exchangeInfoEndpoint,
  depthEndpoint,
  rpiDepth,
  tradesEndpoint,
  historicalTrades,
  aggTrades,
  klinesEndpoint,
  continuousKlines,
  markPriceKlines,
  indexPriceKlines,
  premiumIndexKlines,
  ticker24hr,
  tickerPrice,
  tickerPriceV2,
  bookTicker,
  premiumIndexEndpoint,
  fundingRate,
  fundingInfo,
  openInterestEndpoint,
  constituents,
  indexInfo,
  assetIndex,
  ...futuresData,
  deliveryPrice,
  ...TRADE_ENDPOINTS,
];
