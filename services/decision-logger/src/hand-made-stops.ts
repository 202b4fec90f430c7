import { actionOf, farSide, nearSide, quoteOf } from '@helios/core/execution/fill.ts';
import { MinuteMoves } from '@helios/core/indicators/minute-moves.ts';
import { Atr } from '@helios/core/indicators/true-range.ts';
import { decimalsOf } from '@helios/core/price/decimal-text.ts';
import { gridOfDecimals, gridOfTick } from '@helios/core/price/price-grid.ts';
import { horizonAtr } from '@helios/core/strategy/horizon-atr.ts';
import { initialStops } from '@helios/core/strategy/initial-stops.ts';
import { orderTypeFor, profileOf, type TradingProfile } from '@helios/core/trading/profile.ts';
import { Lists, Records } from '@helios/shared/contracts/catalog.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Book, Kline } from '@helios/shared/domain/market-data.ts';
import { paperProfileNameOf } from '@helios/shared/domain/profile-name.ts';
import { horizonKeyOf } from '@helios/shared/domain/settings/reason-horizons.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { isExit, type Quote, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

/** Number of periods after which a Wilder average no longer depends on older values. */
const PERIODS = 8;
/** Number of 1m klines with an hour of returns. */
const HOUR_KLINES = 61;
/** Significant digits of a stop if no book shows the decimals. */
const DIGITS = 6;

export interface StopSources {
  readonly bus: Bus<'decision-logger'>;
  readonly settings: Pick<Settings, 'simulation' | 'risk' | 'reasons'>;
  readonly run: string;
  readonly freshBook: (symbol: string) => Promise<Book | undefined>;
  readonly instrumentOf: (symbol: string) => Promise<Instrument | undefined>;
}

interface Volatility {
  readonly atr: number | undefined;
  readonly stopFactor: number;
  readonly regime: TradingSignal['regime'];
}

/**
 * Finds the stops of a hand-made entry: its own, else those that the strategy would set now for its first reason, from the same klines
 * and regime.
 */
export function createHandMadeStops({ bus, settings, run, freshBook, instrumentOf }: StopSources) {
  const { risk, simulation, reasons } = settings;
  const key = horizonKeyOf(reasons.enabled[0] ?? '');
  const horizonMin = key && reasons[key];
  const kept = Math.max(PERIODS * risk.atr_period, HOUR_KLINES);
  const profile = profileOf(paperProfileNameOf(simulation), settings);

  async function volatilityOf(symbol: string): Promise<Volatility> {
    const [newestFirst, state] = await Promise.all([
      bus.getList(Lists.klines, kept, { symbol, interval: '1m' }),
      bus.getRecord(Records.marketRegime, { symbol }),
    ]);
    const ours = state?.run === run ? state : undefined;
    const stopFactor = ours === undefined ? 1 : ours.stop_loss_atr / risk.stop_loss_atr;
    const ranges = rangesOf(newestFirst.toReversed(), risk.atr_period);
    return { atr: horizonAtr(ranges, horizonMin), stopFactor, regime: ours?.regime };
  }

  return async (signal: TradingSignal): Promise<TradingSignal> => {
    if (isExit(signal.direction)) return signal;
    const { symbol, direction } = signal;
    const { atr, stopFactor, regime } = await volatilityOf(symbol);
    const book = await freshBook(symbol);
    const quote = book && quoteOf(book);
    const price = quote === undefined ? signal.entry_price : priceOn(quote, signal, profile);
    const spread = quote === undefined ? 0 : quote.ask - quote.bid;
    const instrument = await instrumentOf(symbol);
    const grid = instrument ? gridOfTick(instrument.tick_size) : gridOfDecimals(decimalsFor(price, book));
    const stops = initialStops(sideOf(direction), price, { atr, stopFactor, spread }, risk, grid);
    return {
      ...signal,
      stop_loss: signal.stop_loss ?? stops.stopLoss,
      take_profit: signal.take_profit ?? stops.takeProfit,
      regime,
    };
  };
}

function rangesOf(klines: readonly Kline[], period: number) {
  const atr = new Atr(period);
  const moves = new MinuteMoves();
  for (const { high, low, close, open_ts } of klines) {
    atr.update(Number(high), Number(low), Number(close));
    moves.update(Number(close), open_ts);
  }
  return { atr: atr.value, hourRange: moves.hourRange };
}

function priceOn(quote: Quote, { direction }: TradingSignal, profile: TradingProfile): number {
  const action = actionOf(direction);
  return orderTypeFor(profile, 'ENTRY', undefined) === 'LIMIT' ? nearSide(action, quote) : farSide(action, quote);
}

function decimalsFor(price: number, book: Book | undefined): number {
  const best = [book?.bids[0]?.[0], book?.asks[0]?.[0]].filter((text) => text !== undefined);
  if (best.length > 0) return Math.max(...best.map(decimalsOf));
  return Math.max(0, DIGITS - 1 - Math.floor(Math.log10(price)));
}
