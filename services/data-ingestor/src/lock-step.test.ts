import type { ReplayAck } from '@helios/shared/domain/fleet.ts';
import { type FrameEvents, lastSeqOf } from '@helios/shared/domain/market-data.ts';
import type { OrderWatch } from '@helios/shared/domain/order-watch.ts';
import { aBook } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { describe, expect, test } from 'vitest';
import { ReplayLockStep } from './lock-step.ts';

function lockStepOf(repeatMs = 60_000) {
  const abort = new AbortController();
  const log = createRecordingLog();
  const lockStep = new ReplayLockStep({ log, stop: abort.signal, repeatMs });
  const published: (readonly number[])[] = [];
  let isSettled = false;
  /** Sends frames that end at these numbers. */
  function handOver(...seqs: number[]): Promise<void> {
    isSettled = false;
    const publish = async (frames: readonly FrameEvents[]): Promise<void> => {
      published.push(frames.map(lastSeqOf));
    };
    const { ts_event } = aBook({});
    const frames = seqs.map((seq) => [aBook({ seq, ts_event: ts_event + seq })]);
    return lockStep.handOver(frames, publish).then(() => {
      isSettled = true;
    });
  }
  return {
    log,
    abort,
    published,
    /** Number of repeats. */
    repeats: () => published.length - 1,
    handOver,
    wait: handOver,
    isSettled: () => isSettled,
    resumeAfter(seq: number): void {
      lockStep.settledSeq = seq;
    },
    engine: (seq: number, signals: string[] = []) => lockStep.onAck(ack('signal-engine', seq, signals)),
    logger: (seq: number, signals: string[] = [], resting = 0, watch?: OrderWatch) =>
      lockStep.onAck({ ...ack('decision-logger', seq, signals, resting), ...(watch && { order_watch: watch }) }),
  };
}

function ack(service: ReplayAck['service'], seq: number, signals: string[], resting_orders = 0): ReplayAck {
  return { service, seq, signals, resting_orders };
}

/** Long enough for every resolved promise to run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('LockStep', () => {
  test('a frame is settled when the engine acknowledges its last event', async () => {
    const step = lockStepOf();
    const settled = step.wait(3);
    step.engine(2);
    await turn();
    expect(step.isSettled()).toBe(false);
    step.engine(3);
    await settled;
    await step.wait(3);
  });

  test('a signal that the engine names is awaited, in whichever order the acknowledgements arrive', async () => {
    const step = lockStepOf();
    const first = step.wait(1);
    step.engine(1, ['a', 'b']);
    step.logger(1, ['a']);
    await turn();
    expect(step.isSettled()).toBe(false);
    step.logger(1, ['b']);
    await first;
    const second = step.wait(2);
    step.logger(2, ['c']);
    await turn();
    expect(step.isSettled()).toBe(false);
    step.engine(2, ['c']);
    await second;
  });

  test('a repeat that both services answer, in any order, leaves no signal to wait for', async () => {
    const step = lockStepOf(5);
    const first = step.wait(1);
    step.engine(1, ['x']);
    await eventually('a repeat', () => step.repeats() >= 1);
    step.logger(1, ['x']);
    step.engine(1, ['x']);
    await first;
    step.engine(1, ['x']);
    const second = step.wait(2);
    step.engine(2);
    await second;
  });

  test('signals of events from before the resumption are not awaited', async () => {
    const step = lockStepOf();
    step.resumeAfter(4);
    step.engine(4, ['x']);
    const next = step.wait(5);
    step.engine(5);
    await next;
  });

  test('while orders rest, decision-logger is awaited at every frame', async () => {
    const step = lockStepOf();
    const first = step.wait(1);
    step.engine(1, ['a']);
    step.logger(1, ['a'], 1);
    await first;
    const second = step.wait(2);
    step.engine(2);
    await turn();
    expect(step.isSettled()).toBe(false);
    step.logger(2, [], 0);
    await second;
    const third = step.wait(3);
    step.engine(3);
    await third;
  });

  test('frames after a signal are published again once the signal is recorded', async () => {
    const step = lockStepOf();
    const settled = step.handOver(1, 2, 3, 4);
    step.engine(2, ['a']);
    await turn();
    expect(step.published).toEqual([[1, 2, 3, 4]]);
    step.logger(2, ['a']);
    await turn();
    expect(step.published).toEqual([
      [1, 2, 3, 4],
      [3, 4],
    ]);
    step.engine(4);
    await settled;
  });

  test('while a signal is not recorded no frame after it is repeated', async () => {
    const step = lockStepOf(5);
    const settled = step.handOver(1, 2, 3);
    step.engine(2, ['a']);
    await eventually('a repeat', () => step.repeats() >= 1);
    expect(step.published[1]).toEqual([1, 2]);
    step.logger(2, ['a']);
    await turn();
    step.engine(3);
    await settled;
  });

  test('while orders rest, frames go together up to the first that may change one', async () => {
    const step = lockStepOf();
    const settled = step.handOver(1, 2, 3, 4, 5);
    step.engine(1, ['a']);
    step.logger(1, ['a'], 1, { orders: [], until_ts: aBook({}).ts_event + 4 });
    await turn();
    expect(step.published).toEqual([
      [1, 2, 3, 4, 5],
      [2, 3, 4],
    ]);
    step.engine(4);
    await turn();
    expect(step.isSettled()).toBe(false);
    expect(step.published).toHaveLength(2);
    step.logger(4);
    await turn();
    expect(step.published[2]).toEqual([5]);
    step.engine(5);
    await settled;
  });

  test('while orders rest that any frame may change, frames are published one by one', async () => {
    const step = lockStepOf();
    const settled = step.handOver(1, 2, 3, 4);
    step.engine(1, ['a']);
    step.logger(1, ['a'], 1);
    await turn();
    step.engine(2);
    step.logger(2, [], 1);
    await turn();
    step.engine(3);
    step.logger(3, [], 0);
    await turn();
    expect(step.published).toEqual([[1, 2, 3, 4], [2], [3], [4]]);
    step.engine(4);
    await settled;
  });

  test('unanswered events are published repeatedly, with one warning', async () => {
    const step = lockStepOf(5);
    const first = step.wait(1);
    step.engine(1);
    await first;
    const second = step.wait(2);
    await eventually('three repeats', () => step.repeats() >= 4);
    step.engine(2, ['a']);
    expect(step.log.lines).toMatchObject([{ level: 'warn', fields: { seq: 2, silent: 'signal-engine' } }]);
    step.logger(2, ['a']);
    await second;
  });

  test('at the start of a fleet the warning comes later', async () => {
    const step = lockStepOf(5);
    const first = step.wait(1);
    await eventually('a repeat', () => step.repeats() >= 1);
    expect(step.log.lines).toEqual([]);
    await eventually('a warning', () => step.log.lines.length === 1);
    step.engine(1);
    await first;
  });

  test('a stop ends the wait', async () => {
    const step = lockStepOf();
    const waiting = step.wait(1);
    step.abort.abort();
    await waiting;
    expect(step.repeats()).toBe(0);
  });
});
