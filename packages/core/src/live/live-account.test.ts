import { expect, it } from 'vitest';
import { LiveHarness } from '../testing/live-harness.ts';

const SYMBOL = 'BTCUSDT';

it('a new position locks the margin of the leverage that was set, also if its terms were read before that', () => {
  const live = new LiveHarness().start();
  const tiers = [{ notional_cap: 1e9, rate: 0.004, amount: 0, max_leverage: 125 }];
  const fees = { maker_fee: 0.0002, taker_fee: 0.0005 };
  live.trading.onTerms({
    ...{ symbol: SYMBOL, ...fees, leverage: 20, margin_mode: 'CROSSED', tiers },
    updated_ts: live.nowMs,
  });
  live.trading.prepare(SYMBOL, live.nowMs);
  live.settle();
  const before = live.trading.account(live.nowMs);
  live.enter('a');
  const account = live.trading.account(live.nowMs);
  const [position] = account?.positions ?? [];
  expect(live.answersTo('a')).toEqual(['FILLED']);
  expect(position?.leverage).toBe(5);
  expect(position?.margin).toBeCloseTo((position?.notional ?? 0) / 5, 6);
  expect((before?.initial_margin ?? 0) + (position?.margin ?? 0)).toBeCloseTo(account?.initial_margin ?? 0, 6);
});
