import type { ClosePoint } from '@helios/core/risk/correlation.ts';
import { correlationOf } from '@helios/core/risk/correlation.ts';
import { Lists, Maps, Rankings } from '@helios/shared/contracts/catalog.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { SymbolTerms } from '@helios/shared/domain/symbol-terms.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

/** Correlation over half a day of five-minute klines. */
const KLINE_INTERVAL = '5m';
const KLINES = 144;

interface SymbolFactsOptions {
  readonly bus: Bus<'risk-manager'>;
  /** Symbols with positions, watched or not. */
  readonly exposedSymbols: () => readonly string[];
}

/** Steps and limits, the account's terms, and how coins move together. */
export class SymbolFacts {
  readonly #options: SymbolFactsOptions;
  #instruments: Readonly<Record<string, Instrument>> = {};
  #terms: Readonly<Record<string, SymbolTerms>> = {};
  #closes = new Map<string, readonly ClosePoint[]>();

  constructor(options: SymbolFactsOptions) {
    this.#options = options;
  }

  instrumentOf(symbol: string): Instrument | undefined {
    return this.#instruments[symbol];
  }

  termsOf(symbol: string): SymbolTerms | undefined {
    return this.#terms[symbol];
  }

  /** Correlation of two coins; undefined if too few klines are known. */
  correlation(symbol: string, other: string): number | undefined {
    return correlationOf(this.#closes.get(symbol) ?? [], this.#closes.get(other) ?? []);
  }

  /** @throws BusUnavailable */
  async readTerms(): Promise<void> {
    const { bus } = this.#options;
    [this.#instruments, this.#terms] = await Promise.all([bus.getMap(Maps.instruments), bus.getMap(Maps.symbolTerms)]);
  }

  /** Reads what is missing of a symbol, so that its first entry is not denied. @throws BusUnavailable */
  async need(symbol: string): Promise<void> {
    if (this.instrumentOf(symbol) === undefined || this.termsOf(symbol) === undefined) await this.readTerms();
  }

  /** @throws BusUnavailable */
  async readKlines(): Promise<void> {
    const { bus, exposedSymbols } = this.#options;
    const watched = (await bus.getRanking(Rankings.watchlist)).map(({ member }) => member);
    const closes = new Map<string, readonly ClosePoint[]>();
    for (const symbol of new Set([...watched, ...exposedSymbols()])) {
      const klines = await bus.getList(Lists.klines, KLINES, { symbol, interval: KLINE_INTERVAL });
      closes.set(
        symbol,
        klines.map(({ open_ts, close }) => ({ open_ts, close: Number(close) })),
      );
    }
    this.#closes = closes;
  }
}
