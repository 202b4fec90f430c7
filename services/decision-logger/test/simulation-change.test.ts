import { T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, it, vi } from 'vitest';
import { openLedger } from '../src/ledger/open-ledger.ts';
import { decisions, harness, ledgerFile, next, send, start, summary, useLoggerHarness } from './logger-harness.ts';

useLoggerHarness();

describe('after a change of the simulation', () => {
  const origin = 'ENGINE';
  const roundTrip = () => send(next({ origin }), next({ direction: 'EXIT_LONG', entry_price: 105, origin }));

  async function restart(...settings: Parameters<typeof start>) {
    await harness.running?.stop();
    const { lines } = await start(...settings);
    return lines.filter(({ message }) => /chang/.test(message)).map(({ message }) => message);
  }

  it('of mode or balance the statistics start again, also after further starts; ledger and list keep all', async () => {
    await start('HF_LIMIT', 1);
    await roundTrip();
    await send(next({ origin, symbol: 'OLDUSDT' }), next({ quote: { bid: 90, ask: 91 }, symbol: 'RESTUSDT' }));
    expect(await summary()).toMatchObject({ mode: 'HF_LIMIT', signals: 4, total_trades: 1, total_fees: 0.082 });

    expect(await restart('LF_MARKET', 1, 500)).toEqual([expect.stringContaining('statistics start again')]);
    const anew = {
      mode: 'LF_MARKET',
      starting_balance: 500,
      equity: 500,
      peak_equity: 500,
      signals: 0,
      total_trades: 0,
    };
    expect(await summary()).toMatchObject({ ...anew, total_fees: 0, gross_pnl: 0, missed: 0 });
    expect(await decisions()).toHaveLength(4);

    // A position from before the change counts; an order that rested before does not.
    await send(next({ direction: 'EXIT_LONG', entry_price: 105, origin, symbol: 'OLDUSDT' }));
    harness.running?.clock.set(T0 + 60_000);
    const missed = async () => (await decisions()).map(({ outcome }) => outcome).includes('MISSED');
    await vi.waitFor(async () => expect(await missed()).toBe(true), { timeout: 5_000 });
    const figures = await summary();
    expect(figures).toMatchObject({ mode: 'LF_MARKET', signals: 1, total_trades: 1, missed: 0, gross_pnl: 5 });
    expect(await restart('LF_MARKET', 1, 500)).toEqual([]);
    expect(await summary()).toEqual({ ...figures, updated_ts: expect.any(Number) });

    expect(await restart('LF_MARKET', 1, 10_000)).toHaveLength(1);
    expect(await summary()).toMatchObject({ signals: 0, total_trades: 0, equity: 10_000 });
    await harness.running?.stop();
    const ledger = openLedger(ledgerFile(), 'test-run');
    expect(ledger.lastTrades(10)).toHaveLength(2);
    ledger.close();
  });

  it('of size only they continue, with a log line', async () => {
    await start('HF_MARKET', 1);
    await roundTrip();
    expect(await restart('HF_MARKET', 2)).toEqual(['size or fees of simulated trades changed']);
    await roundTrip();
    expect(await summary()).toMatchObject({ signals: 4, total_trades: 2, gross_pnl: 15 });
  });
});
