import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { takerFill } from '@helios/core/execution/taker-fill.ts';
import { PaperVenue } from '@helios/core/paper/paper-venue.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import type { MarketSource } from '@helios/market-data/source.ts';
import type { OrderIntent } from '@helios/shared/domain/order.ts';
import { createGeneratorSource } from '@helios/synthetic-market/generator-source.ts';
import { describe, expect, test } from 'vitest';
import type { SymbolMarket } from '../src/market/symbol-market.ts';
import { type Trader, TradingSession } from './trading-session.ts';
import { DATA, START_MS } from './venue-client.ts';

const FILES = ['usdm_btcusdt_20240718.gz', 'usdm_btcusdt_20240719.gz'].map((name) => join(DATA, 'depth', name));
const SYMBOL = 'BTCUSDT';
const FEES = { maker_fee: 0.0002, taker_fee: 0.0005, slippage_bp: 0 };

const MARKETS: readonly [string, boolean, () => MarketSource][] = [
  ['a generated market', true, () => createGeneratorSource({ seed: 5, symbols: [SYMBOL], startMs: START_MS })],
  ['a recording', FILES.every(existsSync), () => createReplaySource({ files: FILES, onFault: () => {} })],
];

function marketOf(session: TradingSession): SymbolMarket {
  const listed = session.exchange.listed(SYMBOL);
  if (listed === undefined) throw new Error(`${SYMBOL} is not listed`);
  return listed.market;
}

/** Feeds the paper venue every trade of the tape, each once, and returns the ids of the orders that it filled. */
function tradesInto(paper: PaperVenue, market: SymbolMarket, afterId: number): { filled: string[]; lastId: number } {
  const fresh = market.tape.trades.filter(({ id }) => id > afterId);
  const filled = fresh.flatMap(({ id, price, qty, time, buyerIsMaker }) => {
    const stamps = { symbol: SYMBOL, ts_event: time, ts_init: time };
    const trade = { type: 'trade', ...stamps, trade_id: id, price, qty, buyer_is_maker: buyerIsMaker } as const;
    return [...paper.onTrade(trade)].map(({ client_order_id }) => client_order_id);
  });
  return { filled, lastId: fresh.at(-1)?.id ?? afterId };
}

function rest(session: TradingSession, trader: Trader, id: string, side: 'BUY' | 'SELL', price: string): void {
  const order = { symbol: SYMBOL, side, type: 'LIMIT', timeInForce: 'GTC', quantity: '0.002', price };
  expect(session.call(trader, 'POST', '/fapi/v1/order', { ...order, newClientOrderId: id })).toMatchObject({
    status: 'NEW',
  });
}

function restOnPaper(paper: PaperVenue, id: string, action: 'BUY' | 'SELL', price: number, placedTs: number): void {
  const intent = { symbol: SYMBOL, action, order_type: 'LIMIT', price, quantity: 0.002 } as OrderIntent;
  paper.submit({ clientOrderId: id, intent, placedTs, referencePrice: price });
}

describe.each(MARKETS)('on %s', (_, isThere, source) => {
  test.skipIf(!isThere)('a MARKET order costs on the exchange what it costs on paper', async () => {
    const session = await TradingSession.on(source(), START_MS, ['1000000']);
    const [trader] = session.traders;
    if (trader === undefined) throw new Error('no trader');
    for (let step = 0; step < 40; step += 1) {
      await session.pass(700);
      const book = marketOf(session).book(1_000);
      const [action, side] = step % 2 === 0 ? (['BUY', book?.asks] as const) : (['SELL', book?.bids] as const);
      const quantity = 0.002 + step * 0.8;
      const paper = takerFill({ action, quantity, decidedPrice: Number(side?.[0]?.[0]) }, book, 0);
      const params = { symbol: SYMBOL, side: action, type: 'MARKET', quantity: quantity.toFixed(3) };
      const { orderId } = session.call(trader, 'POST', '/fapi/v1/order', params);
      const order = session.call(trader, 'GET', '/fapi/v1/order', { symbol: SYMBOL, orderId });
      expect(Number(order.executedQty) + (paper.beyond_book_qty ?? 0)).toBeCloseTo(quantity, 9);
      if (paper.beyond_book_qty === undefined) expect(Number(order.avgPrice)).toBeCloseTo(paper.price, 4);
    }
  });

  test.skipIf(!isThere)('the same resting orders fill on paper and on the exchange', async () => {
    const session = await TradingSession.on(source(), START_MS, ['1000000']);
    const [trader] = session.traders;
    if (trader === undefined) throw new Error('no trader');
    const paper = new PaperVenue(FEES);
    const market = marketOf(session);
    let lastId = market.tape.last?.id ?? 0;
    const onPaper: string[] = [];
    for (let step = 0; step < 300; step += 1) {
      const before = session.clock.ms;
      await session.pass(400);
      const done = tradesInto(paper, market, lastId);
      lastId = done.lastId;
      onPaper.push(...done.filled);
      const book = market.book(20);
      if (step % 3 !== 0 || book === undefined) continue;
      const action = step % 2 === 0 ? 'BUY' : 'SELL';
      const price = (action === 'BUY' ? book.bids : book.asks)[0]?.[0] ?? '0';
      paper.market.seeBook({
        ...{ type: 'book', symbol: SYMBOL, ts_event: before, ts_init: before, last_update_id: book.lastUpdateId },
        ...{ bids: [...book.bids], asks: [...book.asks] },
      });
      restOnPaper(paper, `o${step}`, action, Number(price), market.tape.last?.time ?? before);
      rest(session, trader, `o${step}`, action, price);
    }
    const filled = trader.events.filter(({ o }) => o?.X === 'FILLED').map(({ o }) => o.c);
    expect(onPaper.length).toBeGreaterThan(10);
    expect(filled.toSorted()).toEqual(onPaper.toSorted());
  });
});
