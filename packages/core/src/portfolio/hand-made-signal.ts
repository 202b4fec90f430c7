import type { Denial } from '@helios/shared/domain/decision.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { RiskRuleResult } from '@helios/shared/domain/risk-rule.ts';
import { isExit, type Quote, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import { quoteCurrencyOf } from '@helios/shared/domain/units.ts';
import { decimalText } from '../price/decimal-text.ts';
import { ceilToStep, floorToStep } from '../price/step-grid.ts';
import { signOf } from '../strategy/side-sign.ts';

/** What is known of a symbol's market: `fresh` best prices of now; `isKnown` where any book was seen, however old or one-sided. */
export interface KnownMarket {
  readonly fresh: Quote | undefined;
  readonly isKnown: boolean;
}

/** True for a signal published by hand. */
export function isHandMade({ origin }: Pick<OpenPosition, 'origin'>): boolean {
  return origin === 'EXTERNAL';
}

/**
 * A hand-made signal as it is executed: now, on the best prices of now, whatever its price, quote and time say. Where only an
 * old market, or one side of it, is known it has no quote. Where none is known it stays as it was typed.
 */
export function onMarketOfNow(signal: TradingSignal, { fresh, isKnown }: KnownMarket, nowMs: number): TradingSignal {
  if (fresh === undefined) return isKnown ? { ...signal, quote: undefined } : signal;
  const market = `market ${decimalText(fresh.bid)} / ${decimalText(fresh.ask)}`;
  const reason = `${signal.reason} (${market} counts, not the typed price ${decimalText(signal.entry_price)})`;
  return { ...signal, quote: fresh, timestamp: nowMs, reason };
}

/** The signal that an exit on an old market is planned as: like one of ours, for an old price proves no gain. */
export function onOldMarket(signal: TradingSignal, position: OpenPosition | undefined): TradingSignal {
  if (!isHandMade(signal) || signal.quote !== undefined || !isExit(signal.direction)) return signal;
  return { ...signal, origin: 'ENGINE', entry_price: position?.entry_price ?? signal.entry_price };
}

/** A hand-made entry with its stops on the tick of the instrument, never nearer to the price than they were typed. */
export function withStopsOnTick(signal: TradingSignal, instrument: Instrument | undefined): TradingSignal {
  const { stop_loss, take_profit, direction } = signal;
  if (instrument === undefined || !isHandMade(signal)) return signal;
  const [awayFrom, beyond] = direction === 'LONG' ? [floorToTick, ceilToStep] : [ceilToStep, floorToTick];
  const tick = instrument.tick_size;
  return {
    ...signal,
    ...(stop_loss !== undefined && { stop_loss: awayFrom(stop_loss, tick) }),
    ...(take_profit !== undefined && { take_profit: beyond(take_profit, tick) }),
  };
}

/** A price below the first tick stays as it is: a price of nothing is none. */
function floorToTick(price: number, tick: string): number {
  return floorToStep(price, tick) || price;
}

/** What becomes of an entry that is not made, and why. */
export interface EntryRefusal {
  readonly outcome: 'MISSED' | 'DENIED';
  /** Undefined where the signal waited for too long. */
  readonly denial: Denial | undefined;
  /** What each rule of risk said, where it was asked. */
  readonly rules?: readonly RiskRuleResult[];
  readonly remark: string;
}

/**
 * Why a hand-made entry at `price` is not made; undefined where it is, and for ours. `position` is what is open on that side,
 * `marketIsKnown` where any book was seen, however old or one-sided.
 */
export function refuseHandMade(
  signal: TradingSignal,
  price: number,
  position: OpenPosition | undefined,
  marketIsKnown: boolean,
): EntryRefusal | undefined {
  if (!isHandMade(signal)) return undefined;
  if (signal.quote === undefined && marketIsKnown)
    return {
      outcome: 'MISSED',
      denial: { code: 'NO_FRESH_BOOK', value: 0, limit: 1 },
      remark: 'no book of the last minute with both sides is known: try again later',
    };
  const denial = denialOf(signal, price, position);
  return denial && { outcome: 'DENIED', denial, remark: denialText(denial, signal) };
}

function denialOf(signal: TradingSignal, price: number, position: OpenPosition | undefined): Denial | undefined {
  // It would take the place of the strategy's position, whose result would then be in no figure.
  if (position && !isHandMade(position)) return { code: 'STRATEGY_POSITION_OPEN', value: 1, limit: 0 };
  const sign = signOf(sideOf(signal.direction));
  const { stop_loss, take_profit } = signal;
  if (stop_loss !== undefined && sign * (price - stop_loss) <= 0)
    return { code: 'STOP_LOSS_ON_WRONG_SIDE', value: stop_loss, limit: price };
  if (take_profit !== undefined && sign * (take_profit - price) <= 0)
    return { code: 'TAKE_PROFIT_ON_WRONG_SIDE', value: take_profit, limit: price };
  return undefined;
}

/** What was denied, why, and what to do. */
function denialText({ code, value, limit }: Denial, { direction, symbol }: TradingSignal): string {
  if (code === 'STRATEGY_POSITION_OPEN')
    return `denied: the strategy holds a ${direction} here; publish EXIT_${direction} first, or wait`;
  const isStop = code === 'STOP_LOSS_ON_WRONG_SIDE';
  const name = isStop ? 'stop_loss' : 'take_profit';
  const priceText = (price: number) => `${decimalText(price)} ${quoteCurrencyOf(symbol)}`.trimEnd();
  const wanted = isStop === (direction === 'LONG') ? 'below' : 'above';
  return `denied: the ${name} of a ${direction}, ${priceText(value)}, must lie ${wanted} the price ${priceText(limit)}; correct it or leave it out`;
}
