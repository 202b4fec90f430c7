import { Lists, Maps, Streams } from '@helios/shared/contracts/catalog.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, it, vi } from 'vitest';
import { decisions, engine, next, page, refusal, send, start, world } from './logger-world.ts';

describe('when Redis loses what it had', () => {
  const until = { timeout: 8_000, interval: 50 };

  it('a wipe is noticed and everything is written anew, trades in order', async () => {
    await start();
    const signals = Array.from({ length: 8 }, (_, i) => next({ direction: i % 2 ? 'EXIT_LONG' : 'LONG' }));
    await send(...signals.slice(0, 6));
    const before = await page().getLatest(Streams.trades, 10);
    world.fake.lists.clear();
    world.fake.hashes.clear();
    world.fake.stream('trades').messages = [];
    await send(...signals.slice(6));
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(8), until);
    const trades = await page().getLatest(Streams.trades, 10);
    expect(trades.map(({ exit_signal_id }) => exit_signal_id)).toEqual([
      signals[7]?.signal_id,
      ...before.map(({ exit_signal_id }) => exit_signal_id),
    ]);
  });

  it.each(['decision_logs', 'decision_refusals', 'open_positions', 'open_orders'])(
    '%s, deleted or written to by hand, is written anew',
    async (key) => {
      const { lines } = await start('HF_LIMIT', 1);
      await send(next({ origin: 'EXTERNAL' }), next({ direction: 'SHORT', quote: { bid: 100, ask: 101 } }));
      await engine().write((batch) => batch.append(Streams.refusals, { kind: 'REFUSED', decision: refusal }));
      await world.fake.settle();
      const shown = async () => ({
        decisions: await decisions(),
        refusals: await page().getList(Lists.decisionRefusals, 9),
        positions: await page().getMap(Maps.openPositions),
        orders: await page().getMap(Maps.openOrders),
      });
      const before = await shown();
      const again = () => lines.filter(({ message }) => message.includes('writing it again')).length;
      world.fake.lists.delete(key);
      world.fake.hashes.delete(key);
      await vi.waitFor(async () => expect(await shown()).toEqual(before), until);
      expect(again()).toBe(1);
      world.fake.lists.get(key)?.push('mine');
      world.fake.hashes.get(key)?.set('mine', '{}');
      await vi.waitFor(() => expect(again()).toBe(2), until);
      await vi.waitFor(async () => expect(await shown()).toEqual(before), until);
      expect(world.fake.lists.get(key) ?? [...(world.fake.hashes.get(key)?.keys() ?? [])]).not.toContain('mine');
    },
  );

  it('what was committed while it was away is there when it is back', async () => {
    const service = await start('HF_LIMIT', 1);
    await send(next({ quote: { bid: 100, ask: 101 } }));
    world.fake.goDown();
    // The order runs into its timeout, which only the ledger hears of.
    service.clock.set(T0 + 60_000);
    await vi.waitFor(
      () => expect(service.lines.some(({ message }) => message.includes('did not take'))).toBe(true),
      until,
    );
    world.fake.comeBack();
    await world.fake.settle();
    expect((await decisions())[0]).toMatchObject({ outcome: 'MISSED' });
    expect(service.faults).toEqual([]);
  });
});
