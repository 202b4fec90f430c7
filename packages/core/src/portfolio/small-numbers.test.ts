import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { ExternalSignal, TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Fill } from '@helios/shared/domain/venue-event.ts';
import { expect, it } from 'vitest';
import { decimalText } from '../price/decimal-text.ts';
import { addMoney, roundMoney } from '../price/significant-digits.ts';
import { signal, T0 } from '../testing/simulated-orders.ts';
import { PositionBook } from './position-book.ts';
import { PerformanceStatistics } from './statistics.ts';

const RATE = 0.0004;

function roundTrip(quantity: number, entryPrice: number, exitPrice: number): ClosedTrade {
  const book = new PositionBook('r');
  const entry = signal('LONG', entryPrice, { origin: 'ENGINE' });
  const fill = (price: number): Fill => ({
    kind: 'FILL',
    client_order_id: 'o',
    trade_id: 't',
    ts_event: T0,
    price,
    quantity,
    fee: roundMoney(price * quantity * RATE),
    liquidity: 'TAKER',
    slippage: 0,
  });
  book.applyEntry(entry, fill(entryPrice));
  book.endEntry(entry);
  const applied = book.applyExit(entry.signal_id, signal('EXIT_LONG', exitPrice), fill(exitPrice));
  if (applied.kind !== 'CLOSED') throw new Error(`the exit is ${applied.kind}`);
  return applied.trade;
}

it.each([
  // 1e10 coins at 1.2e-8 are worth 120: fees 0.048 + 0.052.
  [1e10, { gross_pnl: 10, fees: 0.1, realized_pnl: 9.9 }],
  [1, { gross_pnl: 1e-9, fees: 1e-11, realized_pnl: 9.9e-10 }],
  [1e-4, { gross_pnl: 1e-13, fees: 1e-15, realized_pnl: 9.9e-14 }],
])('%d of a coin bought at 1.2e-8 and sold at 1.3e-8 are booked to the last digit', (quantity, booked) => {
  expect(roundTrip(quantity, 1.2e-8, 1.3e-8)).toMatchObject({ ...booked, quantity, entry_price: 1.2e-8 });
});

it('counts a win by the exact figure, however small', () => {
  const statistics = new PerformanceStatistics({ run: 'r', mode: 'm', startingBalance: 10_000, riskFreeRatePct: 0 });
  statistics.addTrade(roundTrip(0.01, 1.2e-8, 1.3e-8));
  expect(statistics.summary(T0)).toMatchObject({ wins: 1, losses: 0, win_rate: 100, best_trade: 9.9e-12 });
  expect(statistics.summary(T0)).toMatchObject({ total_pnl: 9.9e-12, expectancy: 9.9e-12, total_fees: 1e-13 });
});

it('sums and differences have no binary rounding noise', () => {
  expect(addMoney(105.1, -100)).toBe(5.1);
  expect(addMoney(0.1, 0.2)).toBe(0.3);
  expect(addMoney(addMoney(0.1, 0.2), -0.3)).toBe(0);
  expect(roundMoney(1.1 * 3)).toBe(3.3);
  expect([roundMoney(-0), roundMoney(1e300), roundMoney(1e-300)]).toEqual([0, 1e300, 0]);
});

it('accepts a signal whose target is a hundredth of such a price, and one with an exponent', () => {
  expect(TradingSignal.safeParse(signal('SHORT', 1.2e-8, { take_profit: 1.2e-10 })).success).toBe(true);
  const typed = { symbol: 'BTCUSDT', direction: 'LONG', entry_price: '1.2e-8' };
  expect(ExternalSignal.parse(typed).entry_price).toBe(1.2e-8);
});

it('writes prices in sentences without an exponent', () => {
  expect([1.2e-8, 1e-7, 0.0001, 64_000.5].map(decimalText)).toEqual(['0.000000012', '0.0000001', '0.0001', '64000.5']);
});
