import { KlineFolder } from '@helios/core/indicators/kline-folder.ts';
import type { NumberKline } from '@helios/core/indicators/number-kline.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { readKlineSeries } from '../klines/kline-data.ts';
import { numberKlineAt } from '../klines/kline-events.ts';
import type { KlineSeries } from '../klines/kline-series.ts';
import type { MarketTarget, ReachedPrice } from './market-target.ts';
import type { PlayableData } from './playable-data.ts';

/**
 * Data whose indicators are warmed by candles of the days before, as live trading warms them from the history of the venue. A candle
 * that closes after the first event is left out: nobody knew it. Rejects with NotKlines.
 */
export async function warmedData(data: PlayableData, files: readonly string[]): Promise<PlayableData> {
  const series = await readKlineSeries(files);
  const symbols = new Set(data.instruments.map(({ symbol }) => symbol));
  return {
    ...data,
    async play(target, window) {
      const warmed = new WarmedTarget(target, series);
      const played = await data.play(warmed, window);
      const remarks = series.map((one) => remarkOf(one, warmed.firstTs, symbols.has(one.instrument.symbol)));
      return { ...played, assumptions: [...played.assumptions, ...remarks] };
    },
  };
}

/** Warms the target before its first frame. */
class WarmedTarget implements MarketTarget {
  /** Market time of the first event, epoch ms. */
  firstTs = Number.POSITIVE_INFINITY;
  readonly #target: MarketTarget;
  readonly #series: readonly KlineSeries[];
  readonly quiet: MarketTarget['quiet'];

  constructor(target: MarketTarget, series: readonly KlineSeries[]) {
    this.#target = target;
    this.#series = series;
    this.quiet = target.quiet;
  }

  onFrame(events: readonly MarketEvent[], reached?: () => ReachedPrice | undefined): void {
    const [first] = events;
    if (first !== undefined && this.firstTs === Number.POSITIVE_INFINITY) this.#warm(first.ts_event);
    this.#target.onFrame(events, reached);
  }

  sideOf(symbol: string) {
    return this.#target.sideOf(symbol);
  }

  #warm(firstTs: number): void {
    this.firstTs = firstTs;
    for (const series of this.#series) for (const kline of klinesBefore(series, firstTs)) this.#target.warm?.(kline);
  }
}

/** The closed klines of all intervals until `ts`, epoch ms, oldest first. */
function* klinesBefore(series: KlineSeries, ts: number): Generator<NumberKline> {
  const { columns, interval, intervalMs, instrument } = series;
  const folder = new KlineFolder(instrument.symbol, interval, series.decimals);
  for (let at = 0; at < columns.length && (columns.openTs[at] ?? 0) + intervalMs <= ts; at += 1) {
    const kline = numberKlineAt(series, interval, series, at);
    yield kline;
    yield* folder.add(kline);
  }
}

function remarkOf({ instrument: { symbol }, columns, intervalMs }: KlineSeries, firstTs: number, isKnown: boolean) {
  if (!isKnown) return `${symbol}: its candles warm nothing; the data do not have this symbol.`;
  const used = columns.openTs.filter((openTs) => openTs + intervalMs <= firstTs);
  const late = columns.length - used.length;
  const leftOut = late > 0 ? ` ${late} that close after the first event are left out.` : '';
  const lastOpenTs = used.at(-1);
  if (lastOpenTs === undefined)
    return `${symbol}: no candle closes before the first event, so none warms the indicators.`;
  const gap = Math.floor((firstTs - lastOpenTs - intervalMs) / 60_000);
  return `${symbol}: ${used.length} candles warm the indicators; the last closes ${gap} min before the first event.${leftOut}`;
}
