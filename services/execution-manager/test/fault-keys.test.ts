import type { FaultInput } from '@helios/exchange-simulator/faults/fault.ts';
import { expect, test } from 'vitest';
import { LiveTrader } from './live-trader.ts';

/** What the venue says to a key of another network, and to one that was deleted or bound to another address. */
const REFUSALS = [
  ['-2008', 'Invalid Api-Key ID.'],
  ['-2015', 'Invalid API-key, IP, or permissions for action.'],
] as const;

const SIGNED = [
  '/fapi/v1/order',
  '/fapi/v1/algoOrder',
  '/fapi/v1/accountConfig',
  '/fapi/v3/account',
  '/fapi/v1/listenKey',
];

function refusedKey(code: string, msg: string): FaultInput[] {
  const body = JSON.stringify({ code: Number(code), msg });
  return SIGNED.map((path) => ({ fault: 'status', status: 401, body, path }));
}

test.each(REFUSALS)(
  'F50 a start with a key of another environment (%s) enters nothing, and says so',
  async (code, message) => {
    const trader = await LiveTrader.open();
    await trader.venue.setFaults(refusedKey(code, message));
    await trader.launch();
    const status = await trader.until('the self-test', async () => {
      const shown = await trader.status();
      return shown?.self_test?.passed === false && shown;
    });
    expect(status.blocked_by.map(({ reason }) => reason).join()).toContain(code);
    expect(await trader.untilAnswered(await trader.enter())).toMatchObject({ answer: 'DENIED' });
    expect((await trader.venue.ordersTaken()).size).toBe(0);
    await trader.venue.setFaults([]);
    await trader.untilReady();
    expect(await trader.violations()).toEqual([]);
  },
  60_000,
);

test.each(REFUSALS)(
  'F50 a key refused under an open position (%s): the stop rests, nothing repeats, and all goes on with the key',
  async (code, message) => {
    const trader = await LiveTrader.withPosition();
    const before = await trader.venue.account();
    await trader.venue.setFaults(refusedKey(code, message));
    const exit = await trader.exit();
    await trader.until('refusals are counted', async () => ((await trader.status())?.rejects[code] ?? 0) > 0);
    expect(await trader.venue.account()).toMatchObject({
      positions: before.positions,
      open_algo_orders: before.open_algo_orders,
    });
    await trader.venue.setFaults([]);
    expect(await trader.untilAnswered(exit, 60_000)).toMatchObject({ answer: 'FILLED' });
    await trader.untilFlat(60_000);
    expect(Math.max(...(await trader.venue.ordersTaken()).values())).toBe(1);
    expect(await trader.violations()).toEqual([]);
  },
  150_000,
);
