import { readFileSync } from 'node:fs';
import type { Silence } from '@helios/exchange-simulator/audit/cover-gaps.ts';
import { until } from '../rehearse/rehearsal-fleet.ts';

const EVERY_MS = 100;
/** Shorter waits are those of every machine. */
const MIN_WAIT_MS = 20;

/** Measures how long processes that wanted to run waited for a core, and how late our own timers fire. */
export class MachineLoad {
  readonly #pids: () => readonly (number | undefined)[];
  readonly #known = new Map<number, number>();
  readonly #waits: Silence[] = [];
  readonly #timer: NodeJS.Timeout;
  #dueMs = performance.now() + EVERY_MS;
  #maxMs = 0;
  #sumMs = 0;

  /** @param pids the processes to measure now, for example after a restart */
  constructor(pids: () => readonly (number | undefined)[]) {
    this.#pids = pids;
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
  }

  /** The times in which a process waited for a core: nobody could act then, epoch ms. */
  get waits(): readonly Silence[] {
    return this.#waits;
  }

  /** Longest wait, and the sum of all waits that count, ms. */
  get summary(): { readonly maxMs: number; readonly sumMs: number } {
    return { maxMs: Math.round(this.#maxMs), sumMs: Math.round(this.#sumMs) };
  }

  /** Like `until`, but the time in which processes waited for a core does not count. */
  async until(isSo: () => Promise<boolean>, withinMs: number, isGivenUp: () => boolean): Promise<boolean> {
    const before = this.#sumMs;
    const fromMs = performance.now();
    const leftMs = (): number => withinMs + this.#sumMs - before - (performance.now() - fromMs);
    while (leftMs() > 0 && !isGivenUp()) if (await until(isSo, leftMs(), isGivenUp)) return true;
    return false;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const nowMs = performance.now();
    const waits = [nowMs - this.#dueMs];
    this.#dueMs = nowMs + EVERY_MS;
    for (const pid of this.#pids()) {
      const total = pid === undefined ? undefined : waitedMs(pid);
      if (pid === undefined || total === undefined) continue;
      waits.push(total - (this.#known.get(pid) ?? total));
      this.#known.set(pid, total);
    }
    const waitMs = Math.max(...waits);
    this.#maxMs = Math.max(this.#maxMs, waitMs);
    if (waitMs < MIN_WAIT_MS) return;
    this.#sumMs += waitMs;
    this.#waits.push({ fromTs: Date.now() - waitMs, toTs: Date.now() });
  }
}

/** Time that the main thread of a process has waited for a core so far, ms; undefined if the system does not say. */
function waitedMs(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    // The process has ended, or this system has no /proc: the lateness of our own timers is what is left.
    return undefined;
  }
}
