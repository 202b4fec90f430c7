import type { Denial } from '@helios/shared/domain/decision.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { RiskRuleResult } from '@helios/shared/domain/risk-rule.ts';
import { isExit, type Quote, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import { quoteCurrencyOf } from '@helios/shared/domain/units.ts';
import { decimalText } from '../price/decimal-text.ts';
import { ceilToStep, floorToStep } from '../price/step-grid.ts';
import { signOf } from '../strategy/side-sign.ts';

/** Knowledge about a symbol's market. `fresh`: current best prices; `isKnown`: any book was seen, of any age, even one-sided. */
export interface KnownMarket {
  readonly fresh: Quote | undefined;
  readonly isKnown: boolean;
}

/** True for a signal published by hand. */
export function isHandMade({ origin }: Pick<OpenPosition, 'origin'>): boolean {
  return origin === 'EXTERNAL';
}

/**
 * The form in which a hand-made signal is executed: now and at the current best prices; its own price, quote and time do not
 * count. If the market is old or one-sided, the signal gets no quote. If no market is known, the signal stays as typed.
 */
export function onMarketOfNow(signal: TradingSignal, { fresh, isKnown }: KnownMarket, nowMs: number): TradingSignal {
  if (fresh === undefined) return isKnown ? { ...signal, quote: undefined } : signal;
  const market = `market ${decimalText(fresh.bid)} / ${decimalText(fresh.ask)}`;
  const reason = `${signal.reason} (${market} counts, not the typed price ${decimalText(signal.entry_price)})`;
  return { ...signal, quote: fresh, timestamp: nowMs, reason };
}

/** Form of an exit signal for planning on an old market. It is treated like one of ours, because an old price proves no gain. */
export function onOldMarket(signal: TradingSignal, position: OpenPosition | undefined): TradingSignal {
  if (!isHandMade(signal) || signal.quote !== undefined || !isExit(signal.direction)) return signal;
  return { ...signal, origin: 'ENGINE', entry_price: position?.entry_price ?? signal.entry_price };
}

/** A hand-made entry with its stops on the instrument's tick, never closer to the price than typed. */
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

/** Rounds down to the tick; a price below the first tick stays unchanged, because 0 is not a valid price. */
function floorToTick(price: number, tick: string): number {
  return floorToStep(price, tick) || price;
}

/** Outcome of a refused entry, and the reason. */
export interface EntryRefusal {
  readonly outcome: 'MISSED' | 'DENIED';
  /** Undefined if the signal waited too long. */
  readonly denial: Denial | undefined;
  /** Result of each risk rule, if they were evaluated. */
  readonly rules?: readonly RiskRuleResult[];
  readonly remark: string;
}

/**
 * Why a hand-made entry at `price` is refused; undefined if it is allowed, and for our own signals. `position` is the open
 * position on that side; `marketIsKnown` is true if any book was seen, of any age, even one-sided.
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
      remark: 'there is no two-sided book younger than a minute: try again later',
    };
  const denial = denialOf(signal, price, position);
  return denial && { outcome: 'DENIED', denial, remark: denialText(denial, signal) };
}

function denialOf(signal: TradingSignal, price: number, position: OpenPosition | undefined): Denial | undefined {
  // The entry would replace the strategy's position, and no figure would count its result.
  if (position && !isHandMade(position)) return { code: 'STRATEGY_POSITION_OPEN', value: 1, limit: 0 };
  const sign = signOf(sideOf(signal.direction));
  const { stop_loss, take_profit } = signal;
  if (stop_loss !== undefined && sign * (price - stop_loss) <= 0)
    return { code: 'STOP_LOSS_ON_WRONG_SIDE', value: stop_loss, limit: price };
  if (take_profit !== undefined && sign * (take_profit - price) <= 0)
    return { code: 'TAKE_PROFIT_ON_WRONG_SIDE', value: take_profit, limit: price };
  return undefined;
}

/** Says what was denied, why, and what to do. */
function denialText({ code, value, limit }: Denial, { direction, symbol }: TradingSignal): string {
  if (code === 'STRATEGY_POSITION_OPEN')
    return `denied: the strategy holds a ${direction} here; publish EXIT_${direction} first, or wait`;
  const isStop = code === 'STOP_LOSS_ON_WRONG_SIDE';
  const name = isStop ? 'stop_loss' : 'take_profit';
  const priceText = (price: number) => `${decimalText(price)} ${quoteCurrencyOf(symbol)}`.trimEnd();
  const wanted = isStop === (direction === 'LONG') ? 'below' : 'above';
  return `denied: the ${name} of a ${direction}, ${priceText(value)}, must lie ${wanted} the price ${priceText(limit)}; correct it or leave it out`;
}
