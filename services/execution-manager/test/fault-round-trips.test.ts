import type { FaultInput } from '@helios/exchange-simulator/faults/fault.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import { expect, test } from 'vitest';
import { LiveTrader } from './live-trader.ts';

const ORDER = '/fapi/v1/order';
const ALGO = '/fapi/v1/algoOrder';
const UNKNOWN =
  '{"code":-1007,"msg":"Timeout waiting for response from backend server. Send status unknown; execution status unknown."}';
const ABSENT = '{"code":-2013,"msg":"Order does not exist."}';

interface Row {
  readonly id: string;
  readonly what: string;
  readonly faults: readonly FaultInput[];
}

/** Faults under which an entry must still be opened, covered and closed, once each. */
const ROWS: readonly Row[] = [
  {
    ...{ id: 'F1', what: 'an order times out, but was placed' },
    faults: [{ fault: 'status', status: 408, path: ORDER, method: 'POST', after: true, times: 1, body: UNKNOWN }],
  },
  {
    ...{ id: 'F1', what: 'an order gets no answer at all, but was placed' },
    faults: [{ fault: 'hang', path: ORDER, method: 'POST', after: true, times: 1 }],
  },
  {
    ...{ id: 'F2', what: '503, then the fill arrives' },
    faults: [{ fault: 'status', status: 503, path: ORDER, method: 'POST', after: true, times: 1 }],
  },
  {
    ...{ id: 'F4', what: 'the connection breaks after an instant fill' },
    faults: [{ fault: 'reset', path: ORDER, method: 'POST', after: true, times: 1 }],
  },
  { id: 'F5, F6', what: 'acknowledgements carry no prices and show nothing executed', faults: [] },
  {
    ...{ id: 'F8', what: 'a stop is not found for minutes' },
    faults: [{ fault: 'stop-hidden', for_ms: 180_000 }],
  },
  {
    ...{ id: 'F13', what: 'the request for the stop breaks before it arrives' },
    faults: [{ fault: 'reset', path: ALGO, method: 'POST', times: 1 }],
  },
  {
    ...{ id: 'F13', what: 'the answer to the stop is lost' },
    faults: [{ fault: 'reset', path: ALGO, method: 'POST', after: true, times: 1 }],
  },
  {
    ...{ id: 'F16', what: 'every order event comes twice' },
    faults: [{ fault: 'user-event', how: 'duplicated', event: 'ORDER_TRADE_UPDATE' }],
  },
  {
    ...{ id: 'F17', what: 'events come out of order' },
    faults: [{ fault: 'user-event', how: 'reordered', rate: 0.3, seed: 7 }],
  },
  {
    ...{ id: 'F17', what: 'the acknowledgement comes two seconds after the fill' },
    faults: [{ fault: 'slow', ms: 2_000, path: ORDER, method: 'POST', after: true, times: 1 }],
  },
  {
    ...{ id: 'F19', what: 'a query right after the order finds nothing' },
    faults: [
      { fault: 'status', status: 503, path: ORDER, method: 'POST', after: true, times: 1 },
      { fault: 'status', status: 400, path: ORDER, method: 'GET', times: 1, body: ABSENT },
    ],
  },
  {
    ...{ id: 'F20', what: 'the positions cannot be read' },
    faults: [{ fault: 'status', status: 500, path: '/fapi/v3/positionRisk', for_ms: 10_000 }],
  },
  { id: 'F20', what: 'the venue shows no positions', faults: [{ fault: 'positions', how: 'empty', times: 3 }] },
  {
    ...{ id: 'F32', what: 'the user stream is cut in the middle of an order' },
    faults: [{ fault: 'stream-cut', route: 'private', code: 1001 }],
  },
  {
    ...{ id: 'F33', what: 'fills are lost on the user stream' },
    faults: [{ fault: 'user-event', how: 'lost', event: 'ORDER_TRADE_UPDATE', times: 2 }],
  },
  {
    id: 'F34',
    what: 'the clock of the venue jumps by seven seconds',
    faults: [{ fault: 'clock', offset_ms: -7_000, for_ms: 5_000 }],
  },
  {
    ...{ id: 'F35', what: '429 to two orders' },
    faults: [{ fault: 'status', status: 429, retry_after_sec: 1, path: ORDER, method: 'POST', times: 2 }],
  },
];

/** Every fault meets each side once: one when it enters, the other when it leaves. */
const sideOf = (what: string, first: 0 | 1): Side =>
  (ROWS.findIndex((row) => row.what === what) + first) % 2 === 0 ? 'LONG' : 'SHORT';

test.each(ROWS)(
  '$id $what: entered, covered and closed once',
  async ({ what, faults }) => {
    const side = sideOf(what, 0);
    const trader = await LiveTrader.start();
    // An entry that meets a closed stream is refused.
    const isCut = faults.some(({ fault }) => fault === 'stream-cut');
    if (!isCut) await trader.venue.setFaults(faults);
    const entry = await trader.enter({ side });
    if (isCut) {
      await trader.until('the order is there', async () => (await trader.venue.ordersTaken()).size > 0);
      await trader.venue.setFaults(faults);
    }
    expect(await trader.untilAnswered(entry, 40_000)).toMatchObject({ answer: 'FILLED', purpose: 'ENTRY' });
    if (faults.some(({ fault }) => fault === 'stop-hidden'))
      await trader.until('the stop rests', async () => (await trader.venue.account()).open_algo_orders.length > 0);
    else await trader.untilCovered();
    await trader.venue.setFaults([]);
    const exit = await trader.exit({ side });
    expect(await trader.untilAnswered(exit, 40_000)).toMatchObject({ answer: 'FILLED', purpose: 'EXIT' });
    await trader.untilFlat(40_000);
    expect(await trader.violations()).toEqual([]);
  },
  120_000,
);

test.each(ROWS)(
  '$id $what: the exit closes once',
  async ({ what, faults }) => {
    const side = sideOf(what, 1);
    const trader = await LiveTrader.start();
    await trader.untilAnswered(await trader.enter({ side }));
    await trader.untilCovered();
    await trader.venue.setFaults(faults);
    const exit = await trader.exit({ side });
    expect(await trader.untilAnswered(exit, 40_000)).toMatchObject({ answer: 'FILLED', purpose: 'EXIT' });
    await trader.venue.setFaults([]);
    await trader.untilFlat(60_000);
    expect(await trader.violations()).toEqual([]);
  },
  120_000,
);
