import type { VenueNews } from './venue-port.ts';

/** A position is closed this long before the venue settles its symbol. */
const CLOSE_MARGIN_MS = 60 * 60_000;
/** The alarm stays at least this long, so that an operator sees it although the position is closed at once. */
const ALARM_MS = 10 * 60_000;

/** What the venue said of a symbol. */
type SymbolStatus = Omit<Extract<VenueNews, { kind: 'SYMBOL_STATUS' }>, 'kind'>;

/** What the venue lets trade, by symbol. A symbol that it said nothing of may be entered. */
export class SymbolStatuses {
  readonly #told = new Map<string, SymbolStatus>();
  /** When the need for an alarm was last seen, by symbol. */
  readonly #alarmedMs = new Map<string, number>();

  onStatus({ symbol, ...said }: SymbolStatus): void {
    this.#told.set(symbol, { symbol, ...said });
  }

  /** Why nothing enters the symbol; undefined if it may be entered. */
  entryRefusal(symbol: string): string | undefined {
    const told = this.#told.get(symbol);
    if (told === undefined || told.canEnter) return undefined;
    return `its status is ${told.status}`;
  }

  /** Why a position there is closed now; undefined if it may stay. */
  closeReason(symbol: string, nowMs: number): string | undefined {
    const told = this.#told.get(symbol);
    if (told?.closeBeforeTs === undefined || nowMs < told.closeBeforeTs - CLOSE_MARGIN_MS) return undefined;
    return `its status is ${told.status}`;
  }

  /** Notes that a position is on a symbol that cannot be entered. */
  noteAlarm(symbol: string, nowMs: number): void {
    this.#alarmedMs.set(symbol, nowMs);
  }

  /** Symbols whose alarm has been seen long enough; each is returned once. */
  takeOldAlarms(nowMs: number): readonly string[] {
    const old = [...this.#alarmedMs].flatMap(([symbol, ms]) => (nowMs - ms >= ALARM_MS ? symbol : []));
    for (const symbol of old) this.#alarmedMs.delete(symbol);
    return old;
  }
}
