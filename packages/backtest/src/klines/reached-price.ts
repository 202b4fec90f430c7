import { decimalText } from '@helios/core/price/decimal-text.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import type { ReachedPrice } from '../data/market-target.ts';
import { LAST_STEP } from './played-klines.ts';

/** Decimals of a quantity. */
const QTY_DECIMALS = 8;

/** A price of a candle, and where in the candle it is. */
interface PlacedPrice {
  readonly instrument: Instrument;
  readonly price: number;
  /** 1 and 2: the extremes, 3: the close. */
  readonly step: number;
  /** The extreme that is worse for it comes first. */
  readonly side: Side | undefined;
  /** Base quantity that may have traded there. */
  readonly volume: number;
  /** Time of the price and of the first book of its candle, epoch ms. */
  readonly ts: number;
  readonly firstTs: number;
}

/**
 * The price as resting orders see it; undefined without volume. A low meets bids, a high meets asks: nobody knows which of them came
 * first, but both are later than the open. The close is later than any order of its candle and meets both.
 */
export function reachedPrice(of: PlacedPrice): ReachedPrice | undefined {
  const { instrument, price, step, side, volume, ts, firstTs } = of;
  const { symbol, tick_size } = instrument;
  const qty = volume.toFixed(QTY_DECIMALS);
  if (!(Number(qty) > 0)) return undefined;
  const isClose = step === LAST_STEP;
  const isHigh = (step === 1) === (side === 'SHORT');
  return {
    ...{
      type: 'trade',
      symbol,
      ts_event: ts,
      ts_init: ts,
      trade_id: 0,
      price: decimalText(price),
      qty,
      buyer_is_maker: !isHigh,
    },
    meets: isClose ? 'BOTH' : isHigh ? 'ASKS' : 'BIDS',
    placedUntilTs: isClose ? ts - 1 : firstTs,
    tick: Number(tick_size),
  };
}
