import { setTimeout as pause } from 'node:timers/promises';
import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';
import type { Batch, Bus } from '@helios/shared/runtime/bus.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Background } from './background.ts';

const BACKOFF: Backoff = { baseMs: 50, maxMs: 1_000 };
/** Far more than comes together while Redis is away, since then no market event arrives either. */
const MAX_WAITING = 10_000;

/** Writes that belong together and keep their order. */
export interface WriteBatch {
  /** Ids of the signals in it, for the log should they be lost. */
  readonly signals: readonly string[];
  readonly put: (batch: Batch<'signal-engine'>) => void;
}

/** Sends batches in order, each once Redis has taken all before it; what fails is sent again before anything newer. */
export interface Outbox {
  /** Resolves once Redis has taken it. */
  send(writeBatch: WriteBatch): Promise<void>;
  /** True where Redis has taken everything. */
  isEmpty(): boolean;
  /** Sends what waits once more, and gives up where Redis does not take it: that is logged. */
  stop(): Promise<void>;
}

interface Waiting {
  readonly writeBatch: WriteBatch;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sent again may mean sent twice, when only the answer was lost: every reader knows signals and refusals by their id.
 */
export function createOutbox(bus: Bus<'signal-engine'>, log: Logger, background: Background): Outbox {
  const stopping = new AbortController();
  let waiting: Waiting[] = [];
  let flushing = false;
  /** Signals among what waits of which a warning has told. */
  let told = 0;
  let flushed = Promise.resolve();

  /** Sends what waits until nothing does. The flag falls in the same turn in which nothing was found waiting. */
  async function flush(): Promise<void> {
    flushing = true;
    let failures = 0;
    try {
      while (waiting.length > 0) {
        if (await sendOnce(failures === 0)) {
          failures = 0;
          continue;
        }
        if (stopping.signal.aborted) return;
        await pause(backoffMs(BACKOFF, failures), undefined, { signal: stopping.signal }).catch(() => {});
        failures += 1;
      }
    } finally {
      flushing = false;
    }
  }

  /** True once Redis has taken all that waited; false where it is away. */
  async function sendOnce(first: boolean): Promise<boolean> {
    const writeBatches = waiting;
    waiting = [];
    try {
      await bus.write((batch) => {
        for (const { writeBatch } of writeBatches) writeBatch.put(batch);
      });
    } catch (error) {
      if (!(error instanceof BusUnavailable)) {
        for (const { reject } of writeBatches) reject(error);
        throw error;
      }
      waiting = [...writeBatches, ...waiting];
      const signals = waiting.flatMap(({ writeBatch }) => writeBatch.signals);
      if (first || signals.length > told) {
        log.warn({ code: error.code, writeBatches: waiting.length, signals }, 'redis takes no writes, sending again');
      }
      told = signals.length;
      return false;
    }
    told = 0;
    for (const { resolve } of writeBatches) resolve();
    return true;
  }

  function drop(lost: Waiting | undefined, why: string): void {
    lost?.reject(new BusUnavailable('REDIS_UNAVAILABLE', why));
    if (lost && lost.writeBatch.signals.length > 0) log.error({ signals: lost.writeBatch.signals }, why);
  }

  return {
    send(writeBatch) {
      const sent = new Promise<void>((resolve, reject) => {
        waiting.push({ writeBatch, resolve, reject });
      });
      if (waiting.length > MAX_WAITING) drop(waiting.shift(), 'too much waits for redis, signals are lost');
      if (!flushing) {
        flushed = flush();
        background.run(flushed);
      }
      return sent;
    },
    isEmpty: () => !flushing && waiting.length === 0,
    async stop() {
      stopping.abort();
      await flushed.catch(() => {});
      for (const lost of waiting) drop(lost, 'stopped before redis took these signals, they are lost');
      waiting = [];
    },
  };
}
