import { KLINE_INTERVAL_MS, MarketEvent } from '../domain/market-data.ts';

/**
 * Hand-written checks of messages on the hot path. They check only the fields that readers use, at a twentieth of the
 * schema's cost. They accept everything the schema accepts; anything else they accept cannot harm a reader.
 */
interface Loose {
  readonly [field: string]: unknown;
}

function isStamped(m: Loose): boolean {
  return typeof m['symbol'] === 'string' && Number.isSafeInteger(m['ts_event']) && Number.isSafeInteger(m['ts_init']);
}

/** True for a string with a value above 0. It must be a string, because readers parse it digit by digit. */
function isPositive(amount: unknown): boolean {
  return typeof amount === 'string' && Number(amount) > 0;
}

function isSide(levels: unknown): boolean {
  if (!Array.isArray(levels)) return false;
  for (const level of levels) {
    if (!Array.isArray(level) || !isPositive(level[0]) || !isPositive(level[1])) return false;
  }
  return true;
}

/** A `Book` with positive prices and quantities. */
export function isBook(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const m = message as Loose;
  return (
    m['type'] === 'book' &&
    isStamped(m) &&
    Number.isSafeInteger(m['last_update_id']) &&
    isSide(m['bids']) &&
    isSide(m['asks'])
  );
}

/** A `MarketTrade` with a positive price and quantity. */
export function isMarketTrade(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const m = message as Loose;
  return (
    m['type'] === 'trade' &&
    isStamped(m) &&
    isPositive(m['price']) &&
    isPositive(m['qty']) &&
    typeof m['buyer_is_maker'] === 'boolean'
  );
}

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

function isDecimal(amount: unknown): boolean {
  return typeof amount === 'string' && DECIMAL.test(amount);
}

/** A `Kline`; a start reads some thousand per symbol. */
export function isKline(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const m = message as Loose;
  return (
    m['type'] === 'kline' &&
    isStamped(m) &&
    Object.hasOwn(KLINE_INTERVAL_MS, String(m['interval'])) &&
    Number.isSafeInteger(m['open_ts']) &&
    Number.isSafeInteger(m['close_ts']) &&
    isDecimal(m['open']) &&
    isDecimal(m['high']) &&
    isDecimal(m['low']) &&
    isDecimal(m['close']) &&
    isDecimal(m['volume']) &&
    isDecimal(m['quote_volume']) &&
    Number.isSafeInteger(m['trades']) &&
    (m['taker_buy_volume'] === undefined || isDecimal(m['taker_buy_volume']))
  );
}

/** A `FrameBatch` of numbered events. */
export function isFrameBatch(message: unknown): boolean {
  const frames = (message as Loose | null)?.['frames'];
  return Array.isArray(frames) && frames.length > 0 && frames.every(isFrame);
}

function isFrame(frame: unknown): boolean {
  return Array.isArray(frame) && frame.length > 0 && frame.every(isNumberedEvent);
}

function isNumberedEvent(event: unknown): boolean {
  const fields = event as Loose | null;
  if (!Number.isSafeInteger(fields?.['seq'])) return false;
  return isBook(event) || isMarketTrade(event) || MarketEvent.safeParse(event).success;
}
