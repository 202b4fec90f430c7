import type { LiveOutbox } from './live-outbox.ts';
import type { VenueNews } from './venue-port.ts';

type SymbolRefusal = Extract<VenueNews, { kind: 'SYMBOL_REFUSED' }>;

const ASK_AGAIN_MS = 5_000;
/** A refused symbol is asked for again after this, or soon if the venue only did not answer. */
const REFUSED_MS = 60_000;
const UNANSWERED_MS = 5_000;

/** Whether leverage and margin mode of a symbol are set and verified. READY lasts until the process ends. */
export class SymbolReadiness {
  readonly #outbox: LiveOutbox;
  readonly #ready = new Set<string>();
  readonly #askedMs = new Map<string, number>();
  readonly #refused = new Map<string, { readonly detail: string; readonly untilMs: number }>();

  constructor(outbox: LiveOutbox) {
    this.#outbox = outbox;
  }

  isReady(symbol: string): boolean {
    return this.#ready.has(symbol);
  }

  /** The venue's reason if it refused lately. */
  refusal(symbol: string, nowMs: number): string | undefined {
    const refused = this.#refused.get(symbol);
    return refused && nowMs < refused.untilMs ? refused.detail : undefined;
  }

  /** Asks the venue unless it is ready, or asked already. */
  prepare(symbol: string, nowMs: number): void {
    const asked = this.#askedMs.get(symbol);
    if (this.#ready.has(symbol) || (asked !== undefined && nowMs - asked < ASK_AGAIN_MS)) return;
    this.#askedMs.set(symbol, nowMs);
    this.#outbox.send({ kind: 'PREPARE_SYMBOL', symbol });
  }

  onReady(symbol: string): void {
    this.#ready.add(symbol);
    this.#askedMs.delete(symbol);
    this.#refused.delete(symbol);
  }

  onRefused({ symbol, detail, isUnanswered }: SymbolRefusal, nowMs: number): void {
    this.#ready.delete(symbol);
    this.#askedMs.delete(symbol);
    this.#refused.set(symbol, { detail, untilMs: nowMs + (isUnanswered === true ? UNANSWERED_MS : REFUSED_MS) });
  }

  /** Forgets that a symbol is ready: somebody changed its leverage or margin mode. */
  forget(symbol: string): void {
    this.#ready.delete(symbol);
  }
}
