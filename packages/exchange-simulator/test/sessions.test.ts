import { moneyOf, moneyText } from '@helios/core/matching/money.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { describe, expect, test } from 'vitest';
import { RebuiltAccount } from './rebuilt-account.ts';
import { SYMBOLS, type Trader, TradingSession } from './trading-session.ts';

/** Fifteen seconds before a funding. */
const START_MS = Date.UTC(2026, 9, 7, 15, 59, 45);
const STEPS = 700;

/** One random action of an account. */
function act(session: TradingSession, trader: Trader, rng: Rng): void {
  const symbol = SYMBOLS[rng.below(2)] ?? 'BTCUSDT';
  const grid = session.exchange.trading.marketOf(symbol)?.grid;
  const mid = Number(session.exchange.listed(symbol)?.market.lastPrice);
  if (grid === undefined) throw new Error('no grid');
  const open = session.call(trader, 'GET', '/fapi/v1/openOrders', { symbol });
  const roll = rng.uniform();
  if (roll < 0.25 && open.length > 0) {
    const { orderId } = open[rng.below(open.length)];
    session.call(trader, 'DELETE', '/fapi/v1/order', { symbol, orderId });
    return;
  }
  const ticks = grid.ticksOf(grid.priceText(Math.round((mid * rng.between(0.997, 1.003)) / Number(grid.priceText(1)))));
  const isMarket = roll < 0.5;
  session.call(trader, 'POST', '/fapi/v1/order', {
    symbol,
    side: rng.below(2) === 0 ? 'BUY' : 'SELL',
    type: isMarket ? 'MARKET' : 'LIMIT',
    quantity: grid.quantityText(1 + rng.below(40)),
    ...(isMarket
      ? {}
      : {
          price: grid.priceText(ticks ?? 1),
          timeInForce: ['GTC', 'GTC', 'GTC', 'IOC', 'FOK', 'GTX'][rng.below(6)] ?? 'GTC',
        }),
    ...(rng.uniform() < 0.2 ? { reduceOnly: 'true' } : {}),
  });
}

/** Wallet by double entry: start plus every row of income, to the last digit. */
function booked(session: TradingSession, { id, balance }: Trader): string {
  const account = session.exchange.trading.accounts.byId(id);
  if (account === undefined) throw new Error(`no account ${id}`);
  const income = session.exchange.trading.accounts.history(account).income();
  return moneyText(income.reduce((sum, { amount }) => sum + amount, moneyOf(balance)));
}

function expectSound(session: TradingSession, trader: Trader): void {
  const account = session.exchange.trading.accounts.byId(trader.id);
  if (account === undefined) throw new Error(`no account ${trader.id}`);
  expect(moneyText(account.wallet)).toBe(booked(session, trader));
  const rebuilt = new RebuiltAccount();
  for (const event of trader.events) rebuilt.apply(event);
  expect(rebuilt.problems).toEqual([]);
  expect(rebuilt.wallet ?? moneyText(account.wallet)).toBe(moneyText(account.wallet));
  const positions = session.call(trader, 'GET', '/fapi/v3/positionRisk') as Record<string, string>[];
  const held = positions.filter(({ positionAmt }) => Number(positionAmt) !== 0);
  expect(
    held
      .map((one) => [
        `${one['symbol']}|${one['positionSide']}`,
        { amount: one['positionAmt'], entryPrice: one['entryPrice'] },
      ])
      .sort(),
  ).toEqual([...rebuilt.positions].sort());
  const open = session.call(trader, 'GET', '/fapi/v1/openOrders') as Record<string, string>[];
  expect(open.map(({ orderId, executedQty }) => [orderId, Number(executedQty)]).sort()).toEqual(
    [...rebuilt.openOrders].map(([id, filled]) => [id, Number(filled)]).sort(),
  );
}

describe.each([1, 2, 3, 4])('a random session of three accounts, seed %i', (seed) => {
  test('books balance to the last digit, and the user events alone rebuild each account', async () => {
    const rng = new Rng(`session:${seed}`);
    const session = await TradingSession.generated(seed, START_MS, ['10000', '2000', '300']);
    for (let step = 1; step <= STEPS; step += 1) {
      const trader = session.traders[rng.below(session.traders.length)];
      if (trader === undefined) throw new Error('no trader');
      if (rng.uniform() < 0.02) session.jump(SYMBOLS[rng.below(2)] ?? 'BTCUSDT', rng.between(-4, 4));
      act(session, trader, rng);
      await session.pass(rng.below(200));
      if (step % 50 === 0) for (const one of session.traders) expectSound(session, one);
    }
    const fills = session.traders.reduce(
      (sum, { events }) => sum + events.filter(({ o }) => o?.x === 'TRADE').length,
      0,
    );
    expect(fills).toBeGreaterThan(STEPS / 5);
  });
});
