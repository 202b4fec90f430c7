import type { MarginMode } from '@helios/shared/domain/account.ts';
import type { LiveOutbox } from './live-outbox.ts';
import type { SymbolSettings, VenueNews } from './venue-port.ts';

type SymbolRefusal = Extract<VenueNews, { kind: 'SYMBOL_REFUSED' }>;

/** What every symbol is set to. */
interface WantedSettings {
  readonly leverage: number;
  readonly marginMode: MarginMode;
}

const ASK_AGAIN_MS = 5_000;
/** A refused symbol is asked for again after this, or soon if the venue only did not answer. */
const REFUSED_MS = 60_000;
const UNANSWERED_MS = 5_000;

/** Whether leverage and margin mode of a symbol are set and verified. READY lasts until somebody changes them. */
export class SymbolReadiness {
  readonly #outbox: LiveOutbox;
  readonly #wanted: WantedSettings;
  /** When the venue verified the symbol. */
  readonly #readyMs = new Map<string, number>();
  readonly #askedMs = new Map<string, number>();
  /** Symbols that were changed while the venue verified them. */
  readonly #doubted = new Set<string>();
  readonly #refused = new Map<string, { readonly detail: string; readonly untilMs: number }>();

  constructor(outbox: LiveOutbox, wanted: WantedSettings) {
    this.#outbox = outbox;
    this.#wanted = wanted;
  }

  /** The settings of a symbol that is ready. */
  get wanted(): WantedSettings {
    return this.#wanted;
  }

  isReady(symbol: string): boolean {
    return this.#readyMs.has(symbol);
  }

  /** The venue's reason if it refused lately. */
  refusal(symbol: string, nowMs: number): string | undefined {
    const refused = this.#refused.get(symbol);
    return refused && nowMs < refused.untilMs ? refused.detail : undefined;
  }

  /** Asks the venue unless it is ready, or asked already. */
  prepare(symbol: string, nowMs: number): void {
    const asked = this.#askedMs.get(symbol);
    if (this.#readyMs.has(symbol) || (asked !== undefined && nowMs - asked < ASK_AGAIN_MS)) return;
    this.#askedMs.set(symbol, nowMs);
    this.#doubted.delete(symbol);
    this.#outbox.send({ kind: 'PREPARE_SYMBOL', symbol });
  }

  onReady(symbol: string, nowMs: number): void {
    this.#askedMs.delete(symbol);
    this.#refused.delete(symbol);
    // Changed meanwhile: `prepare` asks again.
    if (!this.#doubted.delete(symbol)) this.#readyMs.set(symbol, nowMs);
  }

  onRefused({ symbol, detail, isUnanswered }: SymbolRefusal, nowMs: number): void {
    this.#readyMs.delete(symbol);
    this.#askedMs.delete(symbol);
    this.#refused.set(symbol, { detail, untilMs: nowMs + (isUnanswered === true ? UNANSWERED_MS : REFUSED_MS) });
  }

  /**
   * Compares what the venue tells of a symbol. One that was ready and differs must be set again before its next entry.
   * @param tsAsked when the settings were asked for; undefined for an event
   * @returns what somebody changed, for a person; undefined if nothing, or if it is known already
   */
  onSettings(told: SymbolSettings, tsAsked: number | undefined): string | undefined {
    const { symbol } = told;
    const difference = this.#difference(told);
    if (difference === undefined) return undefined;
    if (tsAsked === undefined && this.#askedMs.has(symbol)) this.#doubted.add(symbol);
    const readyMs = this.#readyMs.get(symbol);
    if (readyMs === undefined || (tsAsked !== undefined && tsAsked <= readyMs)) return undefined;
    this.#readyMs.delete(symbol);
    return difference;
  }

  #difference({ leverage, marginMode }: SymbolSettings): string | undefined {
    const { leverage: wanted, marginMode: wantedMode } = this.#wanted;
    const changed = [
      ...(leverage === undefined || leverage === wanted ? [] : [`leverage ${leverage}, not ${wanted}`]),
      ...(marginMode === undefined || marginMode === wantedMode ? [] : [`${marginMode} margin, not ${wantedMode}`]),
    ];
    return changed.length === 0 ? undefined : changed.join(' and ');
  }
}
