import type { PositionFill } from '@helios/shared/domain/position.ts';
import { aSignal } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { isFlowOf, type LiveLot, newLot } from './live-lot.ts';

/** A funding time: a whole hour of UTC. */
const FUNDING_TS = Date.UTC(2023, 10, 14, 8);

const fillAt = (ts: number): PositionFill => ({
  trade_id: String(ts),
  price: 100,
  quantity: 1,
  fee: 0,
  slippage: 0,
  ts,
});

/** A position that was closed before it, unless `closedTs` is undefined. Times count from the funding, ms. */
function aLot(openedMs: number, closedMs: number | undefined): LiveLot {
  const opened = newLot(aSignal({ signal_id: `lot ${openedMs}` }), 'live:test', FUNDING_TS + openedMs, 5);
  const exits = closedMs === undefined ? [] : [fillAt(FUNDING_TS + closedMs)];
  return { ...opened, entries: [fillAt(FUNDING_TS + openedMs)], exits, is_closed: exits.length > 0 };
}

const funding = (bookedMs: number) => ({
  ...{ run: 'live:test', flow_id: 'FUNDING_FEE:1:USDT', kind: 'FUNDING_FEE', symbol: 'BTCUSDT', asset: 'USDT' },
  ...{ amount: '-0.02', ts_event: FUNDING_TS + bookedMs },
});

test.each([
  ['was closed just before the hour, beside the next one', aLot(-60_000, -300), 0, false],
  ['was opened just before the hour', aLot(-200, undefined), 0, true],
  ['was opened just before the hour and closed since', aLot(-200, 60_000), 0, true],
  ['was closed between the hour and its booking', aLot(-60_000, 5), 12, true],
  ['was closed long before the hour', aLot(-60_000, -5_000), 0, false],
  ['was opened after its booking', aLot(200, undefined), 0, false],
] as const)('a funding and a position that %s', (_, lot, bookedMs, isOurs) => {
  expect(isFlowOf(lot, funding(bookedMs))).toBe(isOurs);
});
