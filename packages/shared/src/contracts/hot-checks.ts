import { MarketEvent } from '../domain/market-data.ts';

/**
 * Hand-written checks of the messages on the hot path: the few fields that are used, at a twentieth of the schema's cost.
 * They accept everything the schema accepts; what they let through beyond it cannot harm the reader.
 */
interface Loose {
  readonly [field: string]: unknown;
}

function isStamped(m: Loose): boolean {
  return typeof m['symbol'] === 'string' && Number.isSafeInteger(m['ts_event']) && Number.isSafeInteger(m['ts_init']);
}

/** Text that is worth something. Text it must be: readers go through it digit by digit. */
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
