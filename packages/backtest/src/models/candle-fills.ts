import { priceAt } from '@helios/core/book/level-numbers.ts';
import type { TakerOrder } from '@helios/core/execution/taker-fill.ts';
import { type ImpactModel, PAPER_MODELS, type VenueModels } from '@helios/core/paper/venue-models.ts';
import { decimalText } from '@helios/core/price/decimal-text.ts';
import { roundMoney } from '@helios/core/price/significant-digits.ts';
import { floorToStep } from '@helios/core/price/step-grid.ts';
import type { CandleRules } from '@helios/core/strategy/exit-plan.ts';
import type { Level, MarketTrade } from '@helios/shared/domain/market-data.ts';
import type { CandleLengths } from '../data/candle-lengths.ts';
import type { ReachedPrice } from '../data/market-target.ts';
import { PATH_MS } from '../klines/played-klines.ts';
import { type NamedModel, UNKNOWN_QUEUE } from './queue-model.ts';
import type { ChosenModels } from './read-venue-models.ts';

type TakenBook = NonNullable<Parameters<ImpactModel>[1]>;

/** Prices of one tick more or less differ by that tick but for this share of it. */
const ROUNDING = 1e-6;
/** The close of a candle is shown so long before its end, ms. */
const CLOSE_BEFORE_MS = 60_000 - PATH_MS[3];

/** Only a price of a candle beyond the limit fills, at the limit, by no more than the volume that the price may have. */
export const CANDLE_FILLS: NamedModel<VenueModels['fill']> = {
  about:
    'Fills on candles: a price at least a tick beyond the limit fills at the limit, up to a third of the volume for each of high, low and close. ' +
    'High and low count for orders placed at the open or before. An order rests until the end of the candle in which its time ends.',
  model(order, trade, { quantity: filled, step }) {
    const { action, price: limit, quantity, placedTs } = order;
    if (!isReached(trade) || placedTs > trade.placedUntilTs) return filled;
    if (trade.meets === (action === 'BUY' ? 'ASKS' : 'BIDS')) return filled;
    const beyond = (action === 'BUY' ? 1 : -1) * (limit - Number(trade.price));
    if (beyond < (1 - ROUNDING) * trade.tick) return filled;
    const total = roundMoney(filled + Number(trade.qty), quantity);
    if (total >= quantity) return quantity;
    return Math.max(filled, step === undefined ? total : floorToStep(total, step));
  },
};

/** The rules of each symbol's candles. */
export function candlesOf(candleMs: CandleLengths): (symbol: string) => CandleRules | undefined {
  const rules = new Map([...candleMs].map(([symbol, lengthAt]) => [symbol, candleRules(lengthAt)]));
  return (symbol) => rules.get(symbol);
}

/** A time limit inside a candle counts at its end; at the first price of a candle only the close before it was known. */
function candleRules(lengthAt: (ts: number) => number): CandleRules {
  return {
    endOfHold(dueTs) {
      const candleMs = lengthAt(dueTs);
      return dueTs % candleMs <= PATH_MS[0] ? dueTs : Math.ceil(dueTs / candleMs) * candleMs;
    },
    isExtremeAt(ts) {
      const candleMs = lengthAt(ts);
      return ts % candleMs > PATH_MS[0] && ts % candleMs < candleMs - CLOSE_BEFORE_MS;
    },
    beginsAt: (ts) => ts % lengthAt(ts) <= PATH_MS[0],
  };
}

/** The models while candles are played; `rests` is true if orders rest. */
export function modelsOnCandles(chosen: ChosenModels, candleMs: CandleLengths, rests: boolean): ChosenModels {
  const { about, model } = chosen.impact;
  const own = ' A stop or target that a candle passes is taken from its own price on.';
  const impact = { about: about + own, model: fromDecidedPrice(model) };
  if (!rests) return { ...chosen, impact };
  const endOfLife = (dueTs: number, symbol: string) => {
    const lengthMs = candleMs.get(symbol)?.(dueTs);
    return lengthMs === undefined ? dueTs : Math.ceil(dueTs / lengthMs) * lengthMs;
  };
  return { ...chosen, impact, queue: UNKNOWN_QUEUE, fill: CANDLE_FILLS, endOfLife };
}

/** The same for follow-ups, which take liquidity as paper trading does. */
export function followUpModelsOf(models: VenueModels): VenueModels {
  return { ...models, impact: fromDecidedPrice(PAPER_MODELS.impact) };
}

/**
 * A taker walks the levels from its decided price: an exit may be decided at a price that the market passed on its way to the book.
 * A book that is newer than the decision stays.
 */
function fromDecidedPrice(model: ImpactModel): ImpactModel {
  return (order, book, slippageBp) => model(order, book && movedBook(book, order), slippageBp);
}

function movedBook(book: TakenBook, { action, decidedPrice, decidedTs }: TakerOrder): TakenBook {
  const by = decidedPrice - priceAt(book, action === 'BUY' ? 'asks' : 'bids', 0);
  const isOfDecision = book.ts_event !== undefined && decidedTs !== undefined && book.ts_event <= decidedTs;
  if (!isOfDecision || Number.isNaN(by) || by === 0) return book;
  const moved = (levels: readonly Level[]) =>
    levels.map(([price, quantity]): Level => [decimalText(roundMoney(Number(price) + by, decidedPrice)), quantity]);
  return { bids: moved(book.bids), asks: moved(book.asks) };
}

function isReached(trade: MarketTrade): trade is ReachedPrice {
  return 'placedUntilTs' in trade;
}
