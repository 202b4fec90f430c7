import { Channels, Records } from '@helios/shared/contracts/catalog.ts';
import { lastSeqOf, type MarketEvent } from '@helios/shared/domain/market-data.ts';
import { createFrameClock } from '@helios/shared/runtime/clock.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { startService } from '@helios/shared/runtime/start-service.ts';
import { aMode, defaultSettings } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createRecordingLog, silentLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis } from '@helios/shared/testing/test-redis.ts';
import { expect, test } from 'vitest';
import { dataIngestor } from '../src/service.ts';
import { eventsOf, recordingOf, useRecordingFolder } from './market-recording.ts';

useRecordingFolder();

test('a lock-step replay over a Redis that is killed twice loses no event and keeps its position', async () => {
  const file = await recordingOf(70);
  const expected = await eventsOf(file);
  const redis = await startTestRedis();
  const engine = await connectBus('signal-engine', { ...redis, db: 0, log: silentLog });
  const bus = await connectBus('data-ingestor', { ...redis, db: 0, log: silentLog });
  try {
    const heard = new Map<number, MarketEvent>();
    await engine.subscribe(Channels.replayFrames, ({ frames }) => {
      for (const event of frames.flat()) heard.set(event.seq ?? 0, event);
      const seq = lastSeqOf(frames.at(-1) ?? []);
      const ack = { service: 'signal-engine' as const, seq, signals: [], resting_orders: 0 };
      // Lost while Redis is down: the frames are published again.
      engine.write((batch) => batch.publish(Channels.replayAcks, ack)).catch(() => {});
    });
    const log = createRecordingLog();
    const faults: unknown[] = [];
    const service = await startService(dataIngestor, {
      bus,
      clock: createFrameClock(),
      settings: defaultSettings(),
      mode: aMode({ source: { kind: 'replay', files: [file], speed: 'max', exit: false } }),
      log,
      onFault: (error) => faults.push(error),
    });
    for (const share of [0.3, 0.6]) {
      await eventually(`${share} of the replay`, () => heard.size > expected.length * share);
      await redis.restart();
    }
    await eventually('the end', async () => (await engineSees(bus))?.done, 25_000);
    expect(await engineSees(bus)).toMatchObject({ seq: expected.length, bad_lines: 0, tops_different: 0, gaps: 0 });
    const inOrder = expected.map((_, i) => heard.get(i + 1));
    expect(inOrder).toMatchObject(expected.map((event) => ({ ...event, ts_init: expect.any(Number) })));
    expect(await service.stop()).toBe(true);
    expect(faults).toEqual([]);
  } finally {
    await engine.close();
    await bus.close();
    await redis.stop();
  }
});

async function engineSees(bus: Awaited<ReturnType<typeof connectBus<'data-ingestor'>>>) {
  try {
    return await bus.getRecord(Records.replayProgress);
  } catch {
    return undefined;
  }
}
