import { Channels, Records } from '@helios/shared/contracts/catalog.ts';
import { aBook } from '@helios/shared/testing/builders.ts';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser } from './describe-in-browser.ts';
import { openPage } from './page-harness.ts';
import { summary } from './records.ts';

const WITHIN_MS = 40_000;

type PageHarness = Awaited<ReturnType<typeof openPage>>;

const showsIn = (tab: Page, selector: string, text: string | RegExp) =>
  expect.poll(() => tab.locator(selector).textContent({ timeout: WITHIN_MS }), { timeout: WITHIN_MS }).toMatch(text);

/** Opens tabs until there are `count`; each must show the trading state. */
async function openTabs({ newTab, url }: PageHarness, tabs: Page[], count: number): Promise<void> {
  while (tabs.length < count) {
    const tab = await newTab();
    await tab.goto(url);
    await showsIn(tab, '#state', /^ACTIVE$/);
    tabs.push(tab);
  }
}

/** Presses a button and confirms; every tab must show the new state. */
async function command(tabs: readonly Page[], tab: Page, button: '#start' | '#stop', state: string): Promise<void> {
  await tab.click(button);
  await tab.click('#confirm-yes');
  await showsIn(tab, '#control-result', new RegExp(`^Trading state: ${state}\\.$`));
  for (const one of tabs) await showsIn(one, '#state', new RegExp(`^${state}$`));
}

describeInBrowser('many tabs of one browser', (browser) => {
  // With HTTP/1.1 a browser opens at most six connections to a host.
  test('with 6, then 7, then 12 tabs open Stop is sent, every tab shows it, and a tab reloads', async () => {
    const harness = await openPage(browser());
    await harness.open();
    const tabs = [harness.page];
    for (const count of [6, 7, 12]) {
      await openTabs(harness, tabs, count);
      const last = tabs.at(-1) as Page;
      await command(tabs, last, '#stop', 'REDUCING');
      await harness.page.reload();
      await showsIn(harness.page, '#state', /^REDUCING$/);
      await command(tabs, last, '#start', 'ACTIVE');
    }
    expect(harness.commands.map(({ action }) => action)).toEqual(['stop', 'start', 'stop', 'start', 'stop', 'start']);
  });

  test('the other tabs continue when the first one closes', async () => {
    const harness = await openPage(browser());
    await harness.open();
    const [first, second] = [harness.page, await harness.newTab()];
    await second.goto(harness.url);
    await showsIn(second, '#state', /^ACTIVE$/);
    await first.close();
    await harness.logger.write((batch) => batch.setRecord(Records.simulatedPnl, { ...summary, total_pnl: 7 }));
    await showsIn(second, '#figures', /Realised PnL\+7\.00/);
  });

  test('a logout in one tab ends the figures of all, and the next login brings them back', async () => {
    const harness = await openPage(browser());
    await harness.open();
    const [first, second] = [harness.page, await harness.newTab()];
    await second.goto(harness.url);
    await showsIn(second, '#state', /^ACTIVE$/);
    await first.click('#logout');
    for (const tab of [first, second]) await tab.waitForSelector('#login', { state: 'visible' });
    await second.fill('#password', 'correct horse');
    await second.click('#login-form button');
    for (const tab of [first, second]) await tab.waitForSelector('#dashboard', { state: 'visible' });
    await harness.ingestor.write((batch) =>
      batch.publish(Channels.bookSamples, aBook({ ts_event: Date.now(), bids: [['64000.7', '1']] }), {
        symbol: 'BTCUSDT',
      }),
    );
    for (const tab of [first, second]) await showsIn(tab, '#prices tbody tr', /^BTCUSDT64,000\.7/);
  });

  test('without shared workers a tab has its own stream, and none while it is hidden', async () => {
    const harness = await openPage(browser());
    const { context, open, page } = harness;
    await context.addInitScript(`delete globalThis.SharedWorker;
      Object.defineProperty(document, 'hidden', { get: () => globalThis.isHidden === true });`);
    await open();
    await page.evaluate(`isHidden = true; document.dispatchEvent(new Event('visibilitychange'))`);
    await showsIn(page, '#connection', /^Not updated while this tab is hidden/);
    await harness.logger.write((batch) => batch.setRecord(Records.simulatedPnl, { ...summary, total_pnl: 7 }));
    await page.evaluate(`isHidden = false; document.dispatchEvent(new Event('visibilitychange'))`);
    await showsIn(page, '#figures', /Realised PnL\+7\.00/);
    await page.waitForSelector('#connection', { state: 'hidden' });
  });
});
