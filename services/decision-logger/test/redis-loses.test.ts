import { Lists, Maps, Streams } from '@helios/shared/contracts/catalog.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, it, vi } from 'vitest';
import { decisions, engine, harness, next, page, refusal, send, start, useLoggerHarness } from './logger-harness.ts';

useLoggerHarness();

type StreamMessage = ReturnType<(typeof harness)['fake']['stream']>['messages'][number];

describe('after Redis lost data', () => {
  const until = { timeout: 8_000, interval: 50 };

  it('a wipe is noticed and everything is rewritten, trades in order', async () => {
    await start();
    const signals = Array.from({ length: 8 }, (_, i) => next({ direction: i % 2 ? 'EXIT_LONG' : 'LONG' }));
    await send(...signals.slice(0, 6));
    const before = await page().getLatest(Streams.trades, 10);
    harness.fake.lists.clear();
    harness.fake.hashes.clear();
    harness.fake.stream('trades').messages = [];
    await send(...signals.slice(6));
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(8), until);
    const trades = await page().getLatest(Streams.trades, 10);
    expect(trades.map(({ exit_signal_id }) => exit_signal_id)).toEqual([
      signals[7]?.signal_id,
      ...before.map(({ exit_signal_id }) => exit_signal_id),
    ]);
  });

  it.each(['decision_logs', 'decision_refusals', 'open_positions', 'open_orders'])(
    '%s, deleted or written to by hand, is rewritten',
    async (key) => {
      const { lines } = await start('HF_LIMIT', 1);
      await send(next({ origin: 'EXTERNAL' }), next({ direction: 'SHORT', quote: { bid: 100, ask: 101 } }));
      await engine().write((batch) => batch.append(Streams.refusals, { kind: 'REFUSED', decision: refusal }));
      await harness.fake.settle();
      const shown = async () => ({
        decisions: await decisions(),
        refusals: await page().getList(Lists.decisionRefusals, 9),
        positions: await page().getMap(Maps.openPositions),
        orders: await page().getMap(Maps.openOrders),
      });
      const before = await shown();
      const again = () => lines.filter(({ message }) => message.includes('writing the projection again')).length;
      harness.fake.lists.delete(key);
      harness.fake.hashes.delete(key);
      await vi.waitFor(async () => expect(await shown()).toEqual(before), until);
      expect(again()).toBe(1);
      harness.fake.lists.get(key)?.push('mine');
      harness.fake.hashes.get(key)?.set('mine', '{}');
      await vi.waitFor(() => expect(again()).toBe(2), until);
      await vi.waitFor(async () => expect(await shown()).toEqual(before), until);
      expect(harness.fake.lists.get(key) ?? [...(harness.fake.hashes.get(key)?.keys() ?? [])]).not.toContain('mine');
    },
  );

  it.each<[string, (messages: StreamMessage[]) => StreamMessage[]]>([
    ['the first deleted', (messages) => messages.slice(1)],
    ['one deleted in the middle', (messages) => messages.toSpliced(1, 1)],
    ['the last deleted', (messages) => messages.slice(0, -1)],
    ['all deleted', () => []],
    ['the last doubled', (messages) => [...messages, ...messages.slice(-1)]],
    ['an earlier one written again', (messages) => [...messages, ...messages.slice(0, 1)]],
    ['one replaced by another', (messages) => [...messages.slice(1), ...messages.slice(1, 2)]],
    ['something that is no trade', (messages) => messages.map((message) => ({ ...message, text: '{}' }))],
  ])('trades with %s are rewritten, while it runs and at a start', async (_, damage) => {
    const { lines } = await start();
    await send(...Array.from({ length: 8 }, (_, i) => next({ direction: i % 2 ? 'EXIT_LONG' : 'LONG' })));
    await harness.fake.settle();
    const shown = () => page().getLatest(Streams.trades, 10);
    const before = await shown();
    expect(before).toHaveLength(4);
    const stream = harness.fake.stream('trades');
    stream.messages = damage(stream.messages);
    await vi.waitFor(async () => expect(await shown()).toEqual(before), until);
    expect(lines.filter(({ message }) => message.includes('writing the projection again'))).toHaveLength(1);
    // After a restart the process no longer knows what it wrote.
    await harness.running?.stop();
    stream.messages = damage(stream.messages);
    await start();
    expect(await shown()).toEqual(before);
  });

  it('commits from the outage are there when it is back', async () => {
    const service = await start('HF_LIMIT', 1);
    await send(next({ quote: { bid: 100, ask: 101 } }));
    harness.fake.goDown();
    // The order reaches its timeout; only the ledger records it.
    service.clock.set(T0 + 60_000);
    await vi.waitFor(
      () => expect(service.lines.some(({ message }) => message.includes('did not accept'))).toBe(true),
      until,
    );
    harness.fake.comeBack();
    await harness.fake.settle();
    expect((await decisions())[0]).toMatchObject({ outcome: 'MISSED' });
    expect(service.faults).toEqual([]);
  });
});
