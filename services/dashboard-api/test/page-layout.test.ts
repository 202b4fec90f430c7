import { Channels, Lists, Maps, Rankings, Records, Values } from '@helios/shared/contracts/catalog.ts';
import { aBook, aTrade } from '@helios/shared/testing/builders.ts';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser } from './describe-in-browser.ts';
import { openPage } from './page-harness.ts';
import { decision, position, restingOrder, summary } from './records.ts';

const HOUR_MS = 3_600_000;

type PageHarness = Awaited<ReturnType<typeof openPage>>;

/** Ask and last trade of each symbol as samples in Redis, one tick above its bid. */
async function writeSamples({ ingestor }: PageHarness, ts: number, prices: Record<string, [bid: string, ask: string]>) {
  await ingestor.write((batch) => {
    batch.setRanking(Rankings.watchlist, Object.fromEntries(Object.keys(prices).map((symbol) => [symbol, 1])));
    for (const [symbol, [bid, ask]] of Object.entries(prices)) {
      const at = { symbol, ts_event: ts, ts_init: ts };
      batch.set(Values.orderbook, aBook({ ...at, bids: [[bid, '1']], asks: [[ask, '1']] }), { symbol });
      batch.set(Values.trade, aTrade({ ...at, price: ask }), { symbol });
    }
    batch.publish(Channels.watchlistChanges, { symbols: Object.keys(prices) });
  });
}

/** Cells of the prices table and key figures that are too wide, and figures with more than one line. */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(
    `[...document.querySelectorAll('#prices, #figures dd')].filter((box) => box.scrollWidth > box.clientWidth ||
    (box.id === '' && box.clientHeight > 2 * Number.parseFloat(getComputedStyle(box).fontSize))).map((box) => box.innerText)`,
  );

/** Parts of a decision's line that are wider than their column, or end after their line. */
const cutOffDecisions = (page: Page): Promise<string[]> =>
  page.evaluate(
    `[...document.querySelectorAll('#decisions summary')].flatMap((line) => [...line.children].filter((box) =>
    !box.classList.contains('reason') && (box.scrollWidth > box.clientWidth + 1 ||
    box.getBoundingClientRect().right > line.getBoundingClientRect().right)).map((box) => box.innerText))`,
  );

describeInBrowser('the layout of the page', (browser) => {
  test('on a phone nothing exceeds its panel', async () => {
    const { logger, open, page, shows } = await openPage(browser());
    await page.setViewportSize({ width: 390, height: 844 });
    await logger.write((batch) => {
      batch.setMap(Maps.openPositions, { 'BTCUSDT:LONG': position({ entry_price: 63_000, stop_loss: 62_000.55 }) });
      batch.setMap(Maps.openOrders, { o1: { ...restingOrder(Date.now(), Date.now() + 600_000), price: 62_999.95 } });
      batch.push(Lists.decisionLogs, decision('d1', { reason: 'bids dominate by far and have done so for long' }));
    });
    await open();
    await shows('#positions-count', '1');
    await shows('#orders tbody tr', /^BTCUSDT LONG entry/);
    await page.click('#decisions summary');
    const sticksOut = await page.evaluate(
      `[...document.querySelectorAll('.panel')].flatMap((panel) => [...panel.children].filter((child) =>
      child.getBoundingClientRect().right > panel.getBoundingClientRect().right).map(({ id, innerText }) => id || innerText))`,
    );
    expect(sticksOut).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });

  test('the line of a decision is completely visible, including the unit of its gain or loss', async () => {
    const { logger, open, page, shows } = await openPage(browser());
    const closed = { direction: 'EXIT_LONG', outcome: 'CLOSED', exit_reason: 'SIGNAL_REVERSAL' } as const;
    await logger.write((batch) => {
      const figures = { fill_price: 118_000.25, realized_pnl: -1_234.56 };
      batch.push(Lists.decisionLogs, decision('d1', { ...closed, ...figures, symbol: '1000SHIBUSDT' }));
    });
    await open();
    await shows('#decisions summary .gain-loss', /^.1,234\.56/);
    for (const width of [1900, 1500, 1300, 1000, 800]) {
      await page.setViewportSize({ width, height: 1000 });
      expect(await cutOffDecisions(page), `at ${width} px`).toEqual([]);
    }
  });

  test('old prices and figures of any size are completely visible, on a small screen and on a phone', async () => {
    const harness = await openPage(browser());
    const { logger, open, page, shows } = harness;
    await page.clock.install();
    await logger.write((batch) =>
      batch.setRecord(Records.simulatedPnl, {
        ...summary,
        ...{ total_pnl: -0.004812, expectancy: -0.000481, equity: 1_234_567.89, total_fees: 12_345.67 },
        ...{ total_trades: 12_345, max_drawdown_pct: 12.34, profit_factor: 1.23, sharpe: -12.34, sortino: -23.45 },
      }),
    );
    const ts = Date.now();
    await writeSamples(harness, ts, { BTCUSDT: ['118000.1', '118000.2'], '1000SHIBUSDT': ['0.012345', '0.012346'] });
    await open();
    const row = '#prices tr:has-text("BTCUSDT")';
    await shows(`${row} td:nth-child(5)`, '118,000.2');
    await shows('#figures', /Realised PnL−0\.004812Equity1,234,567\.89.*Expectancy−0\.000481/);
    for (const [hours, told] of [
      [0, undefined],
      [1.999, '1 h'],
      [23.999, '23 h'],
      [240, '10 d'],
    ] as const) {
      if (hours > 0) await page.clock.setSystemTime(ts + hours * HOUR_MS);
      await shows(`${row} td:nth-child(6)`, told ? `stale ${told}` : /^[\d.]+ (ms|s|min)/);
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 1000 });
        expect(await cutOff(page), `${told} at ${width} px`).toEqual([]);
      }
    }
  });

  test('the table of live positions needs no scrolling', async () => {
    const harness = await openPage(browser(), { mode: 'live', network: 'testnet', source: undefined });
    const { execution, logger, open, page, shows } = harness;
    const live = { simulated: false, entry_ts: Date.now() - HOUR_MS, origin: 'EXTERNAL' } as const;
    const positions = {
      'BTCUSDT:LONG': position({
        ...{ ...live, quantity: 0.012, entry_price: 118_000.25, mark_price: 118_101.5, unrealized_pnl: 1_234.56 },
        ...{ take_profit: 119_500.5, liquidation_price: 96_812.33 },
        cover: { state: 'COVERED', stop_price: 117_500.1, quantity: 0.012 },
      }),
      '1000SHIBUSDT:SHORT': position({
        ...{ ...live, symbol: '1000SHIBUSDT', side: 'SHORT', quantity: 123_456, entry_price: 0.012345 },
        ...{ mark_price: 0.0124, unrealized_pnl: -6.79, take_profit: 0.0119, liquidation_price: 0.014567 },
        cover: { state: 'UNCOVERED', stop_price: 0.01256, quantity: 0 },
      }),
    };
    await execution.write((batch) => batch.setMap(Maps.openPositions, positions));
    const funding = { run: 'test-run', signal_id: 's1', funding: -0.000312, updated_ts: Date.now() };
    await logger.write((batch) => batch.setField(Maps.positionFunding, '1000SHIBUSDT:SHORT', funding));
    await open();
    await shows('#positions-count', '2');
    for (const width of [1900, 1400, 1280, 1000, 800, 390]) {
      await page.setViewportSize({ width, height: 844 });
      const [needs, has] = await page.evaluate<[number, number]>(
        `[document.querySelector('#positions').scrollWidth, document.querySelector('#positions').clientWidth]`,
      );
      expect(needs, `at ${width} px`).toBeLessThanOrEqual(has);
    }
  });
});
