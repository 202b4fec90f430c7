import { Lists, Maps, Records } from '@helios/shared/contracts/catalog.ts';
import { expect, test } from 'vitest';
import { describeInBrowser } from './describe-in-browser.ts';
import { beat, openPage } from './page-harness.ts';
import { decision, position, summary } from './records.ts';

const HOUR_MS = 3_600_000;

describeInBrowser('what the page says is true or absent', (browser) => {
  test('a command’s result disappears when the trading state has changed since', async () => {
    const { engine, open, page, shows } = await openPage(browser());
    await open();
    await page.click('#stop');
    await page.click('#confirm-yes');
    await shows('#control-result', 'Trading state: REDUCING.');
    await shows('#state', 'REDUCING');
    await shows('#control-result', 'Trading state: REDUCING.');
    // Another client presses Start: by the API, or in another browser.
    const started = { state: 'ACTIVE', reason: 'start by an operator', applied_commands: [] } as const;
    await engine.write((batch) =>
      batch.setRecord(Records.fleetState, { ...started, applied_commands: [], changed_ts: Date.now() }),
    );
    await shows('#state', 'ACTIVE');
    await shows('#control-result', '');
  });

  test('without figures the state is unknown, also in the title, and the preview says what is unknown', async () => {
    const { logger, open, page, service, shows } = await openPage(browser());
    await logger.write((batch) => {
      batch.setMap(Maps.openPositions, { 'BTCUSDT:LONG': position() });
      batch.setRecord(Records.simulatedPnl, summary);
    });
    await open();
    await shows('#positions-count', '1');
    await expect.poll(() => page.title()).toBe('ACTIVE +4.92 USDT · Helios');
    service.kill('SIGKILL');
    await shows('#connection', /^The dashboard does not answer/);
    await shows('#state', 'UNKNOWN');
    await shows('#state-reason', /^No figures arrive\. .* Last known: ACTIVE, first start · since/);
    expect(await page.title()).toBe('No figures · Helios');
    expect(await page.isDisabled('#start')).toBe(true);
    expect(await page.isDisabled('#stop')).toBe(false);
    await page.click('#stop');
    await shows('#confirm-text', /The open positions are not known now/);
    await page.click('#confirm-yes');
    await shows('#control-result', /^The dashboard does not answer .* npm run status\.$/);
  });

  test('a decision shows the paid price, not the typed one', async () => {
    const { logger, open, page, shows } = await openPage(browser());
    const typed = { origin: 'EXTERNAL', entry_price: 100, fill_price: 64_003.6, reason: 'published by hand' } as const;
    await logger.write((batch) => batch.push(Lists.decisionLogs, decision('d1', typed)));
    await open();
    await shows('#decisions summary .price', '64,003.60');
    // A stop of the strategy ends it: the line shows the origin of the trade.
    const stopped = { direction: 'EXIT_LONG', outcome: 'CLOSED', trade_origin: 'EXTERNAL' } as const;
    await logger.write((batch) => batch.push(Lists.decisionLogs, decision('d2', stopped)));
    await page.click('#decisions summary:has-text("EXIT LONG")');
    await shows('#decisions details[open]', /Originposition opened by hand/);
  });

  test('a decision shows the order flow beside the imbalance, and none where it is unknown', async () => {
    const { logger, open, page, shows } = await openPage(browser());
    await logger.write((batch) => {
      batch.push(Lists.decisionLogs, decision('d1'));
      batch.push(Lists.decisionLogs, decision('d2', { order_flow: -3.25 }));
    });
    await open();
    await page.click('#decisions [data-key=d1] summary');
    await shows('#decisions [data-key=d1]', /Imbalance[−-]0\.500Confidence/);
    await page.click('#decisions [data-key=d2] summary');
    await shows('#decisions [data-key=d2]', /Imbalance[−-]0\.500Order flow[−-]3\.[23] \(10 s\)Confidence/);
  });

  test('the page shows that signal-engine or monitoring-agent is down next to its work', async () => {
    const { engine, open, page, shows } = await openPage(browser(), {}, 2 * HOUR_MS);
    await open();
    await shows('#alerts', 'No active alerts.');
    await beat(engine, 'signal-engine', Date.now() - HOUR_MS);
    await shows('#state-reason', /^signal-engine is down: it decides nothing, and commands wait for it\./);
    expect(await page.title()).toBe('signal-engine down · Helios');
    await beat(engine, 'monitoring-agent', Date.now() - HOUR_MS);
    await shows('#alerts', 'monitoring-agent is down: no new alerts.');
    await shows('#alerts-count', 'not monitored');
  });

  test('uncounted figures are not shown: restarts without a supervisor, messages of a service that reads none', async () => {
    const { open, page, shows } = await openPage(browser());
    await open();
    await shows('#services tr:has-text("signal-engine")', /^signal-engineRUNNING1\.0 ms–80 MB–0/);
    expect(await page.locator('#services th', { hasText: 'Restarts' }).count()).toBe(0);
  });

  test('a late service shows its delay and its backlog', async () => {
    const { engine, open, shows } = await openPage(browser());
    await beat(engine, 'signal-engine', Date.now(), { behind_ms: 7_040, waiting: 6_012 });
    await open();
    await shows('#services tr:has-text("signal-engine")', /^signal-engineRUNNING 7\.0 s behind, 6,012 waiting1\.0 ms/);
  });

  test('every amount has its unit', async () => {
    const { logger, open, page, shows } = await openPage(browser());
    await logger.write((batch) => {
      batch.setMap(Maps.openPositions, { 'BTCUSDT:LONG': position() });
      batch.setRecord(Records.simulatedPnl, summary);
      const gates = [
        { gate: 'COOLDOWN', outcome: 'PASSED', value: 130, limit: 120 },
        { gate: 'EXPOSURE', outcome: 'PASSED', value: 0, limit: 5 },
      ] as const;
      batch.push(Lists.decisionLogs, decision('d1', { gates: [...gates], fees: 0.08, stop_loss: 95 }));
    });
    await open();
    await shows('#positions-count', '1');
    await page.click('#decisions summary');
    await shows('#decisions tbody tr:nth-child(1)', /^cooldown/);
    const units = await page.evaluate<Record<string, string>>(`Object.fromEntries(
      ['#figures dt', '#positions th', '#positions td small span', '#prices th', '#decisions dd span', '#decisions td span'].map((selector) =>
        [selector, [...document.querySelectorAll(selector)].filter((node) => node.dataset.unit)
          .map((node) => node.textContent + ' ' + node.dataset.unit).join(', ')]))`);
    expect(units).toEqual({
      // The expectancy is unknown: a dash has no unit.
      '#figures dt': 'Realised PnL USDT, Equity USDT, Fees USDT, Funding USDT',
      '#positions th': 'Now USDT, Unrealised USDT, Stop USDT, Target USDT',
      '#positions td small span': '2 BTC',
      '#prices th': 'Bid USDT, Ask USDT, Last USDT',
      '#decisions dd span': '100.0000 USDT, 95.0000 USDT, 0.0800 USDT',
      '#decisions td span': '130 s, 120 s',
    });
    const shown = await page.evaluate(`getComputedStyle(document.querySelector('#figures dt'), '::after').content`);
    expect(shown).toMatch(/USDT/);
  });
});
