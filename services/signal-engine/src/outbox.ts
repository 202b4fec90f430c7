import { setTimeout as pause } from 'node:timers/promises';
import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';
import type { Batch, Bus } from '@helios/shared/runtime/bus.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Background } from './background.ts';

const BACKOFF: Backoff = { baseMs: 50, maxMs: 1_000 };
/** Maximum number of waiting batches. It is never reached normally: while Redis is away, no market events arrive either. */
const MAX_WAITING = 10_000;

/** Writes that belong together, in order. */
export interface WriteBatch {
  /** Ids of its signals, for the log if they are lost. */
  readonly signals: readonly string[];
  readonly put: (batch: Batch<'signal-engine'>) => void;
}

/** Sends batches in order, each after Redis has accepted all earlier ones. A failed batch is sent again before any newer one. */
export interface Outbox {
  /** Resolves once Redis has accepted the batch. */
  send(writeBatch: WriteBatch): Promise<void>;
  /** True if Redis has accepted everything. */
  isEmpty(): boolean;
  /** Sends waiting batches once more; if Redis does not accept them, logs the loss. */
  stop(): Promise<void>;
}

interface Waiting {
  readonly writeBatch: WriteBatch;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Creates the outbox. A repeated send may deliver twice if only the reply was lost: every reader detects duplicates by id. */
export function createOutbox(bus: Bus<'signal-engine'>, log: Logger, background: Background): Outbox {
  const stopping = new AbortController();
  let waiting: Waiting[] = [];
  let flushing = false;
  /** Number of waiting signals in the last warning. */
  let told = 0;
  let flushed = Promise.resolve();

  /** Sends until nothing waits. The flag is cleared in the same turn in which the queue was found empty. */
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

  /** Resolves to true when Redis has taken every waiting write, to false if Redis is away. */
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
