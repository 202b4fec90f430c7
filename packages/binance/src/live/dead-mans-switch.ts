import type { VenueCommand, VenueNews } from '@helios/core/live/venue-port.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { postCountdown } from '../orders/countdown-cancel.ts';
import { RestingEntries } from './resting-entries.ts';
import type { VenueRequests } from './venue-requests.ts';

/** The venue cancels what rests this long after the last refresh. */
const COUNTDOWN_MS = 120_000;
const REFRESH_MS = 30_000;
/** Pause after a refused request. */
const RETRY_MS = 5_000;

/**
 * Asks for a countdown of the venue on a symbol; 0 stops it.
 * @returns true if the venue took it
 */
type AskForCountdown = (symbol: string, countdownMs: number) => Promise<boolean>;

/**
 * Lets the venue cancel resting entries if this process dies. Only for venues that are known to spare stops: a cancelled stop would be
 * worse than a filled entry.
 */
export class DeadMansSwitch {
  readonly #ask: AskForCountdown;
  readonly #entries = new RestingEntries();
  /** Running countdowns by symbol: when the next request is due, epoch ms. */
  readonly #running = new Map<string, { refreshMs: number; endMs: number }>();

  constructor(ask: AskForCountdown) {
    this.#ask = ask;
  }

  onCommand(command: VenueCommand): void {
    this.#entries.onCommand(command);
  }

  onNews(news: VenueNews): void {
    this.#entries.onNews(news);
  }

  /** Starts, refreshes and stops countdowns as needed. */
  async onTimer(nowMs: number): Promise<void> {
    const { symbols } = this.#entries;
    for (const symbol of symbols)
      if (nowMs >= (this.#running.get(symbol)?.refreshMs ?? 0)) await this.#refresh(symbol, nowMs);
    for (const [symbol, { endMs }] of this.#running)
      if (!symbols.has(symbol) && nowMs >= endMs) await this.#end(symbol, nowMs);
  }

  async #refresh(symbol: string, nowMs: number): Promise<void> {
    const isTaken = await this.#ask(symbol, COUNTDOWN_MS);
    // A refused request may have arrived all the same, so the countdown is ended later in any case.
    this.#running.set(symbol, { refreshMs: nowMs + (isTaken ? REFRESH_MS : RETRY_MS), endMs: 0 });
  }

  async #end(symbol: string, nowMs: number): Promise<void> {
    if (await this.#ask(symbol, 0)) this.#running.delete(symbol);
    else this.#running.set(symbol, { refreshMs: 0, endMs: nowMs + RETRY_MS });
  }
}

/** Countdowns of the venue; a refused one is logged. */
export function countdownsOf(requests: VenueRequests, log: Logger): AskForCountdown {
  return async (symbol, countdownMs) => {
    const answer = await requests.send(postCountdown, { symbol, countdownMs });
    if (answer.kind === 'FAILURE') log.warn({ symbol, detail: answer.detail }, 'countdown of resting entries not set');
    return answer.kind === 'OK';
  };
}
