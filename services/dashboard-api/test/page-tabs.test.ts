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

/** `count` tabs in all, each of which shows the trading state. */
async function openTabs({ open, newTab, page, url }: PageHarness, count: number): Promise<Page[]> {
  await open();
  const tabs = [page];
  while (tabs.length < count) {
    const tab = await newTab();
    await tab.goto(url);
    await showsIn(tab, '#state', /^ACTIVE$/);
    tabs.push(tab);
  }
  return tabs;
}

describeInBrowser('many tabs of one browser', (browser) => {
  test.each([6, 7, 12])('with %i tabs open Stop goes out, every tab shows it, and a tab reloads', async (count) => {
    const harness = await openPage(browser());
    const tabs = await openTabs(harness, count);
    const last = tabs.at(-1) as Page;
    await last.click('#stop');
    await last.click('#confirm-yes');
    await showsIn(last, '#control-result', /^Trading state: REDUCING\.$/);
    expect(harness.commands.map(({ action }) => action)).toEqual(['stop']);
    for (const tab of tabs) await showsIn(tab, '#state', /^REDUCING$/);
    await harness.page.reload();
    await showsIn(harness.page, '#state', /^REDUCING$/);
  });

  test('the tab that was first closes: the others go on', async () => {
    const harness = await openPage(browser());
    const [first, second] = (await openTabs(harness, 2)) as [Page, Page];
    await first.close();
    await harness.logger.write((batch) => batch.setRecord(Records.simulatedPnl, { ...summary, total_pnl: 7 }));
    await showsIn(second, '#figures', /Realised PnL\+7\.00/);
  });

  test('a logout in one tab ends the figures of all, and the next login brings them back', async () => {
    const harness = await openPage(browser());
    const [first, second] = (await openTabs(harness, 2)) as [Page, Page];
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

  test('without shared workers a tab has a stream of its own, and none while it is hidden', async () => {
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
