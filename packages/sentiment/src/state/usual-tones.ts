import type { CoinTones, ToneDay } from '@helios/shared/domain/coin-tones.ts';
import type { SentimentBasis } from '@helios/shared/domain/market-state.ts';

/** Name of the whole market among the coins. */
export const MARKET = 'global';
/** Days whose tones count, today included. */
const DAYS = 14;
/** Fewer hours are no usual tone. */
const MIN_TONE_HOURS = 72;
/** Coins that were watched once, and the market. */
const MAX_NAMES = 500;
const HOUR_MS = 3_600_000;
const HOURS_A_DAY = 24;
const DAY_MS = HOURS_A_DAY * HOUR_MS;

/** A tone, and whether enough items are behind it. */
export interface HeardTone {
  readonly basis?: SentimentBasis | undefined;
  readonly tone?: number | undefined;
}

/**
 * The usual tone of each coin and of the market: the mean of its own hourly tones of the last two weeks. Some readers are always more
 * cheerful than others. An hour counts once, and only with enough items.
 */
export class UsualTones {
  readonly #fixed: number | undefined;
  readonly #known = new Map<string, CoinTones>();

  /** @param setting a tone for all, −1..1, or `auto` for the own one of each */
  constructor(setting: number | 'auto') {
    this.#fixed = setting === 'auto' ? undefined : setting;
  }

  /** The usual tone of a coin or of the market, −1..1; undefined while too few hours are known. */
  of(name: string, nowMs: number): number | undefined {
    if (this.#fixed !== undefined) return this.#fixed;
    const days = recent(this.#known.get(name)?.days ?? [], nowMs);
    const hours = days.reduce((total, day) => total + day.hours, 0);
    return hours < MIN_TONE_HOURS ? undefined : days.reduce((total, day) => total + day.sum, 0) / hours;
  }

  /** Counts the tone of an hour, by the items' clock. Returns true if the history changed. */
  hear(name: string, { basis, tone }: HeardTone, nowMs: number): boolean {
    if (this.#fixed !== undefined || tone === undefined || basis === 'THIN' || basis === 'STALE') return false;
    const known = this.#known.get(name);
    const [hour, day] = [Math.floor(nowMs / HOUR_MS), Math.floor(nowMs / DAY_MS)];
    const before = recent(known?.days ?? [], nowMs);
    if (known !== undefined && hour <= known.hour) {
      // The clock was set back: the days after it are unknown again.
      if (hour < known.hour) this.#known.set(name, { days: before, hour });
      return hour < known.hour;
    }
    const today = before.at(-1)?.day === day ? before.pop() : undefined;
    if (today?.hours === HOURS_A_DAY) return false;
    const days = [...before, { day, sum: (today?.sum ?? 0) + tone, hours: (today?.hours ?? 0) + 1 }];
    this.#known.delete(name);
    this.#known.set(name, { days, hour });
    if (this.#known.size > MAX_NAMES) this.#forgetOldest();
    return true;
  }

  /** What `restore` needs after a restart. */
  history(): Readonly<Record<string, CoinTones>> {
    return Object.fromEntries(this.#known);
  }

  /** Continues with a stored history. */
  restore(history: Readonly<Record<string, CoinTones>>): void {
    for (const [name, known] of Object.entries(history)) this.#known.set(name, known);
  }

  #forgetOldest(): void {
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}

/** The days of the last two weeks; none from after `nowMs`, which exist once the clock was set back. */
function recent(days: readonly ToneDay[], nowMs: number): ToneDay[] {
  const today = Math.floor(nowMs / DAY_MS);
  return days.filter(({ day }) => day <= today && day > today - DAYS);
}
