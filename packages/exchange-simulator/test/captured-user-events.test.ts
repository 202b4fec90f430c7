import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { moneyOf } from '@helios/core/matching/money.ts';
import { describe, expect, test } from 'vitest';
import type { TradingAccount } from '../src/accounts/trading-account.ts';
import { differences } from './message-differences.ts';
import { type GivenPrices, PricedMarket } from './priced-market.ts';
import { type Trader, TradingSession } from './trading-session.ts';
import { DATA, START_MS } from './venue-client.ts';

const FILE = join(DATA, 'messages/user_stream_captures.jsonl');
const LINES = existsSync(FILE) ? readFileSync(FILE, 'utf8').trim().split('\n') : [];
/** The captured messages; a combined stream's wrapper is removed. */
const CAPTURED = LINES.map((line) => JSON.parse(line).msg).map((msg) => msg.data ?? msg);
const BTC = { symbol: 'BTCUSDT', tickSize: '0.10', stepSize: '0.001' };

/** A venue in the captured situation. */
async function sessionIn(
  prices: GivenPrices,
  wallet: string,
  rates = { maker: 200n, taker: 500n },
): Promise<{ session: TradingSession; trader: Trader }> {
  const session = await TradingSession.on(new PricedMarket(prices), START_MS, [wallet]);
  const trader = session.traders[0] as Trader;
  Object.assign(accountOf(session, trader), { rates });
  return { session, trader };
}

function accountOf(session: TradingSession, trader: Trader): TradingAccount {
  const account = session.exchange.trading.accounts.byId(trader.id);
  if (account === undefined) throw new Error(`no account ${trader.id}`);
  return account;
}

/** An order that the venue accepts; resolves with its user events. */
function eventsOf(
  session: TradingSession,
  trader: Trader,
  order: Readonly<Record<string, string>>,
): readonly unknown[] {
  const before = trader.events.length;
  expect(session.call(trader, 'POST', '/fapi/v1/order', order)).not.toMatchObject({ kind: 'REFUSED' });
  return trader.events.slice(before);
}

describe.skipIf(LINES.length === 0)('user events equal those captured at the venue', () => {
  test('LIMIT at the opponent price, filled at once (mainnet, 2024)', async () => {
    const prices = { ...BTC, bid: '91739.80', ask: '91739.90', mark: '91722.35667500' };
    const { session, trader } = await sessionIn(prices, '642.85271069');
    const events = eventsOf(session, trader, {
      ...{ symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.002' },
      ...{ priceMatch: 'OPPONENT', selfTradePreventionMode: 'NONE', newClientOrderId: 'android_MLA5BSDBdSD12WPlEyMh' },
    });
    expect(differences(CAPTURED.slice(0, 4), events)).toEqual([
      '1 o.b: "183.66307" → "183.4798"',
      '1 o.er: nothing → "0"',
      '3 o.er: nothing → "0"',
    ]);
  });

  test('reduce-only MARKET that closes with a loss (mainnet, 2024)', async () => {
    const prices = { ...BTC, bid: '90853.20', ask: '90853.30', mark: '90850.00000000' };
    const { session, trader } = await sessionIn(prices, '642.76097079');
    hold(session, trader, { steps: 2, cost: '183.4798', openFees: '0.0917399' });
    const events = eventsOf(session, trader, {
      ...{ symbol: 'BTCUSDT', side: 'SELL', type: 'MARKET', quantity: '0.002', reduceOnly: 'true' },
      ...{ selfTradePreventionMode: 'NONE', newClientOrderId: 'android_WrDCjqlzTWlU9FGcNp1Q' },
    });
    expect(differences(CAPTURED.slice(4, 8), events)).toEqual(['1 o.er: nothing → "0"', '3 o.er: nothing → "0"']);
  });

  test('MARKET in a contract with four decimals (mainnet, 2026)', async () => {
    const sol = { symbol: 'SOLUSDT', tickSize: '0.0100', stepSize: '0.01' };
    const { session, trader } = await sessionIn(
      { ...sol, bid: '80.1800', ask: '80.1900', mark: '80.19000000' },
      '1.74145673',
    );
    hold(session, trader, { steps: 0, cost: '0', openFees: '0', realised: '26.83159999' });
    const events = eventsOf(session, trader, {
      ...{ symbol: 'SOLUSDT', side: 'BUY', type: 'MARKET', quantity: '0.1' },
      newClientOrderId: 'SOLUSDT_BOTH_1771856732181_1',
    });
    expect(differences(CAPTURED.slice(25, 28), events.slice(0, 3))).toEqual(['2 a.P.0.pa: "0.1" → "0.10"']);
  });

  test('LIMIT that rests (testnet, 2025), then MARKET', async () => {
    const prices = { ...BTC, bid: '84146.40', ask: '84146.50', mark: '84150.58675550' };
    const { session, trader } = await sessionIn(prices, '15240.79523172', { maker: 200n, taker: 400n });
    const resting = eventsOf(session, trader, {
      ...{ symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '1', price: '50000' },
      newClientOrderId: 'BG1gnPa6hrGgKVYZFOAvAu',
    });
    expect(differences([CAPTURED[10]], resting)).toEqual(['0 o.er: nothing → "0"']);
    session.call(trader, 'DELETE', '/fapi/v1/order', {
      symbol: 'BTCUSDT',
      origClientOrderId: 'BG1gnPa6hrGgKVYZFOAvAu',
    });
    hold(session, trader, { steps: 0, cost: '0', openFees: '0', realised: '123.9824' });
    const events = eventsOf(session, trader, {
      ...{
        symbol: 'BTCUSDT',
        side: 'BUY',
        type: 'MARKET',
        quantity: '0.100',
        newClientOrderId: 'KWsJ1UBaWM1C0IhvgdXxZb',
      },
    });
    // The capture has no NEW, and the testnet told of the order before the balance.
    const [lite, , balance, trade] = events;
    expect(differences(CAPTURED.slice(11, 14), [lite, trade, balance])).toEqual(['1 o.er: nothing → "0"']);
  });

  test('MARKET that closes a position of a price with five decimals (mainnet, 2024)', async () => {
    const ach = { symbol: 'ACHUSDT', tickSize: '0.0000100', stepSize: '1' };
    const { session, trader } = await sessionIn(
      { ...ach, bid: '0.0199900', ask: '0.0200000', mark: '0.01999000' },
      '19.27688055',
    );
    hold(session, trader, { steps: 0, cost: '0', openFees: '0', realised: '-0.02783998' });
    const order = { symbol: 'ACHUSDT', type: 'MARKET', quantity: '300' };
    const opened = eventsOf(session, trader, { ...order, side: 'BUY' });
    const closed = eventsOf(session, trader, { ...order, side: 'SELL' });
    expect(differences(CAPTURED.slice(29, 31), [opened[2], closed[2]])).toEqual([]);
  });

  test('LIMIT in hedge mode (mainnet, 2024)', async () => {
    const { session, trader } = await sessionIn(
      { ...BTC, bid: '43000.00', ask: '43000.10', mark: '43000.00000000' },
      '1000',
    );
    accountOf(session, trader).isHedge = true;
    const events = eventsOf(session, trader, {
      ...{ symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.010', price: '20000' },
      ...{ positionSide: 'LONG', selfTradePreventionMode: 'NONE', newClientOrderId: 'web_w4Sot5R1ym9ChzWfGdAm' },
    });
    expect(differences([CAPTURED[22]], events)).toEqual(['0 o.er: nothing → "0"']);
  });

  /** Fields that the venue added after 2021. */
  const since2021 = (at: number): string[] =>
    ['V: nothing → "NONE"', 'pm: nothing → "NONE"', 'gtd: nothing → 0', 'er: nothing → "0"'].map(
      (field) => `${at} o.${field}`,
    );
  const noFeeFields = (at: number): string[] => [`${at} o.n: nothing → "0"`, `${at} o.N: nothing → "USDT"`];

  test('LIMIT to sell (mainnet, 2021)', async () => {
    const ltc = { symbol: 'LTCUSDT', tickSize: '0.01', stepSize: '0.001' };
    const { session, trader } = await sessionIn({ ...ltc, bid: '190.00', ask: '190.01', mark: '190.00000000' }, '100');
    const events = eventsOf(session, trader, {
      ...{ symbol: 'LTCUSDT', side: 'SELL', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.100', price: '200' },
      ...{ selfTradePreventionMode: 'NONE', newClientOrderId: 'web_g5yhWZ53GcE18wViaj4O' },
    });
    expect(differences([CAPTURED[24]], events)).toEqual([...noFeeFields(0), ...since2021(0)]);
  });

  test('a cancelled order (mainnet, 2021)', async () => {
    const dot = { symbol: 'DOTUSDT', tickSize: '0.001', stepSize: '0.1' };
    const { session, trader } = await sessionIn({ ...dot, bid: '23.100', ask: '23.101', mark: '23.10000000' }, '1000');
    const origClientOrderId = 'web_2F1nPfgmy53m5J4Hh9of';
    const [placed] = eventsOf(session, trader, {
      ...{ symbol: 'DOTUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '198.6', price: '23' },
      ...{ selfTradePreventionMode: 'NONE', newClientOrderId: origClientOrderId },
    });
    expect(placed).toMatchObject({ o: { b: '4567.8' } });
    session.call(trader, 'DELETE', '/fapi/v1/order', { symbol: 'DOTUSDT', origClientOrderId });
    expect(differences([CAPTURED[21]], trader.events.slice(-1))).toEqual([...noFeeFields(0), ...since2021(0)]);
  });

  test('LIMIT that rests and fills as a maker with a rebate (mainnet, 2022)', async () => {
    const eth = { symbol: 'ETHUSDT', tickSize: '0.01', stepSize: '0.001' };
    const { session, trader } = await sessionIn(
      { ...eth, bid: '2487.50', ask: '2487.60', mark: '2487.76781667' },
      '788.59071200',
      { maker: -100n, taker: 400n },
    );
    const placed = eventsOf(session, trader, {
      ...{ symbol: 'ETHUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.003', price: '2487.51' },
      ...{ selfTradePreventionMode: 'NONE', newClientOrderId: 'ios_3pdK38TLtMRjqN6y5WBZ' },
    });
    const before = trader.events.length;
    session.exchange.trading.engine.onTrade('ETHUSDT', { price: 248_750, quantity: 5, buyerIsMaker: true });
    // The contract was margined in BUSD, and there was no TRADE_LITE yet.
    const inUsdt = JSON.parse(JSON.stringify(CAPTURED.slice(14, 17)).replaceAll('BUSD', 'USDT'));
    expect(differences(inUsdt, [...placed, ...trader.events.slice(before + 1)])).toEqual([
      ...[...noFeeFields(0), ...since2021(0)],
      ...['1 a.P.0.ep: "2487.51000" → "2487.51"', '1 a.P.0.bep: nothing → "2487.26125"'],
      ...since2021(2),
    ]);
  });
});

interface HeldBefore {
  readonly steps: number;
  readonly cost: string;
  readonly openFees: string;
  readonly realised?: string;
}

/** Gives the account the position that it had at the capture. */
function hold(session: TradingSession, trader: Trader, { steps, cost, openFees, realised = '0' }: HeldBefore): void {
  const account = accountOf(session, trader);
  const [symbol = ''] = session.exchange.allListed().map(({ contract }) => contract.symbol);
  account.setPosition({
    ...account.position(symbol, 'BOTH'),
    holding: { steps, cost: moneyOf(cost), openFees: moneyOf(openFees) },
    realised: moneyOf(realised),
  });
}
