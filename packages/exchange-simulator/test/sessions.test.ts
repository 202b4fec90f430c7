import { isCrossLiquidated, isIsolatedLiquidated } from '@helios/core/matching/margin.ts';
import { moneyOf, moneyText } from '@helios/core/matching/money.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { describe, expect, test } from 'vitest';
import { marginOf } from '../src/trading/margin-state.ts';
import { RandomTrader } from './random-trader.ts';
import { RebuiltAccount } from './rebuilt-account.ts';
import { SYMBOLS, type Trader, TradingSession } from './trading-session.ts';

/** Fifteen seconds before a funding. */
const START_MS = Date.UTC(2026, 9, 7, 15, 59, 45);

/** Wallet by double entry: start plus every row of income, to the last digit. */
function booked(session: TradingSession, { id, balance }: Trader): string {
  const { accounts } = session.exchange.trading;
  const account = accounts.byId(id);
  if (account === undefined) throw new Error(`no account ${id}`);
  const income = accounts.history(account).income();
  return moneyText(income.reduce((sum, { amount }) => sum + amount, moneyOf(balance)));
}

type Row = Readonly<Record<string, string>>;

/** Money of the account: wallet, isolated parts and margins belong together. */
function expectMoneySound(session: TradingSession, trader: Trader): string {
  const account = session.call(trader, 'GET', '/fapi/v3/account');
  const rows = session.call(trader, 'GET', '/fapi/v3/positionRisk') as Row[];
  const sum = (name: string) => rows.reduce((total, row) => total + moneyOf(row[name] ?? '0'), 0n);
  const wallet = moneyOf(account.totalWalletBalance);
  expect(moneyText(wallet)).toBe(booked(session, trader));
  expect(moneyText(moneyOf(account.totalCrossWalletBalance) + sum('isolatedWallet'))).toBe(moneyText(wallet));
  expect(moneyText(wallet + sum('unRealizedProfit'))).toBe(account.totalMarginBalance);
  for (const row of rows) expect(Number(row['isolatedWallet'])).toBeGreaterThanOrEqual(0);
  expect(Number(account.availableBalance)).toBeGreaterThanOrEqual(0);
  return account.totalWalletBalance;
}

/** What a client knows from its events alone equals what REST shows. */
function expectRebuilt(session: TradingSession, trader: Trader, wallet: string): void {
  const rebuilt = new RebuiltAccount();
  for (const event of trader.events) rebuilt.apply(event);
  expect(rebuilt.problems).toEqual([]);
  expect(rebuilt.wallet ?? wallet).toBe(wallet);
  const rows = session.call(trader, 'GET', '/fapi/v3/positionRisk') as Row[];
  const held = rows.filter(({ positionAmt }) => Number(positionAmt) !== 0);
  const positions = held.map(({ symbol, positionSide, positionAmt, entryPrice }) => [
    `${symbol}|${positionSide}`,
    { amount: positionAmt, entryPrice },
  ]);
  expect(positions.sort()).toEqual([...rebuilt.positions].sort());
  const open = session.call(trader, 'GET', '/fapi/v1/openOrders') as Row[];
  expect(open.map(({ orderId, executedQty }) => [orderId, Number(executedQty)]).sort()).toEqual(
    [...rebuilt.openOrders].map(([id, filled]) => [id, Number(filled)]).sort(),
  );
  const waiting = session.call(trader, 'GET', '/fapi/v1/openAlgoOrders') as Row[];
  expect(waiting.map(({ algoId }) => algoId).sort()).toEqual([...rebuilt.waitingStops].sort());
}

/** No position has reached its maintenance margin: those that did were liquidated. */
function expectMarginKept(session: TradingSession, { id }: Trader): void {
  const { trading } = session.exchange;
  const account = trading.accounts.byId(id);
  if (account === undefined) throw new Error(`no account ${id}`);
  const margin = marginOf(account, trading);
  expect(isCrossLiquidated(margin)).toBe(false);
  expect(margin.positions.filter(isIsolatedLiquidated)).toEqual([]);
}

/** Lets three accounts act at random, one-way crossed, hedge mode and one-way isolated; checks them after every fifty steps. */
async function play(session: TradingSession, rng: Rng, steps: number, jumps: { share: number; percent: number }) {
  const actors = session.traders.map((trader, index) => new RandomTrader(session, trader, rng, index === 1));
  for (const [index, actor] of actors.entries()) actor.prepare(index === 2);
  for (let step = 1; step <= steps; step += 1) {
    if (rng.uniform() < jumps.share)
      session.jump(SYMBOLS[rng.below(2)] ?? 'BTCUSDT', rng.between(-jumps.percent, jumps.percent));
    actors[rng.below(actors.length)]?.act();
    await session.pass(rng.below(200));
    if (step % 50 !== 0) continue;
    for (const one of session.traders) {
      expectRebuilt(session, one, expectMoneySound(session, one));
      expectMarginKept(session, one);
    }
  }
}

/** How often the traders heard of each reason or execution. */
function heard(session: TradingSession): ReadonlyMap<string, number> {
  const words = session.traders.flatMap(({ events }) => events.map(({ o, a }) => String(o?.x ?? a?.m)));
  return new Map([...new Set(words)].map((word) => [word, words.filter((one) => one === word).length]));
}

describe.each([
  [1, 700],
  [2, 700],
  [3, 3_000],
])('a random session of three accounts, seed %i, %i steps', (seed, steps) => {
  test('books balance to the last digit, and the user events alone rebuild each account', async () => {
    const session = await TradingSession.generated(seed, START_MS, ['20000', '5000', '900']);
    await play(session, new Rng(`session:${seed}`), steps, { share: 0.02, percent: 6 });
    expect(heard(session).get('TRADE')).toBeGreaterThan(steps / 10);
    expect(heard(session).get('FUNDING_FEE')).toBeGreaterThan(0);
  });
});

describe.each([
  [4, 700],
  [5, 700],
  [6, 3_000],
])('a session in a storm, seed %i, %i steps', (seed, steps) => {
  test('liquidated accounts balance to the last digit too', async () => {
    const session = await TradingSession.generated(seed, START_MS, ['3000', '1500', '900']);
    await play(session, new Rng(`storm:${seed}`), steps, { share: 0.06, percent: 30 });
    expect(heard(session).get('CALCULATED')).toBeGreaterThan(0);
  });
});
