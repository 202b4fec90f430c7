import { Channels, Lists, Maps, Records } from '@helios/shared/contracts/catalog.ts';
import type { LiveStatus } from '@helios/shared/domain/live-status.ts';
import { aBook, aLiveStatus } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { describeInBrowser } from './describe-in-browser.ts';
import { openPage } from './page-harness.ts';
import { decision, position, restingOrder, summary } from './records.ts';

const HOUR_MS = 3_600_000;

type PageHarness = Awaited<ReturnType<typeof openPage>>;

function publishBook({ ingestor }: PageHarness, tsEvent: number, bid = '64000.1'): Promise<void> {
  const book = aBook({ ts_event: tsEvent, ts_init: Date.now(), bids: [[bid, '1']], asks: [['64000.2', '1']] });
  return ingestor.write((batch) => batch.publish(Channels.bookSamples, book, { symbol: 'BTCUSDT' }));
}

describeInBrowser('the page in a browser', (browser) => {
  test('a wrong password is reported, the right one shows the dashboard, and logging out hides it', async () => {
    const { page, url, shows, enter } = await openPage(browser());
    await page.goto(url);
    await enter('a guess');
    await shows('#login-error', /^The password is wrong\. Try again/);
    expect(await page.isVisible('#dashboard')).toBe(false);
    await enter('correct horse');
    await shows('#badge', 'SYNTHETIC · simulated');
    await shows('#run', 'test-run');
    expect(await page.isVisible('#login')).toBe(false);
    await page.click('#logout');
    await page.waitForSelector('#login', { state: 'visible' });
    expect(await page.isVisible('#dashboard')).toBe(false);
  });

  test('a first request without an answer does not leave the page empty', async () => {
    const { page, url, enter, shows } = await openPage(browser());
    let asked = 0;
    await page.route('**/api/state', async (route) => {
      asked += 1;
      if (asked > 1) await route.continue();
    });
    await page.goto(url);
    await enter('correct horse');
    await shows('#badge', 'SYNTHETIC · simulated');
    expect(asked).toBe(1);
  });

  test('says what each reason was worth, and what EDGE_VS_COST makes of it', async () => {
    const { engine, open, page, shows } = await openPage(browser());
    const costs = { cost_bp: 9, pays_spread: true, edge_min_ratio: 1 } as const;
    const status = { run: 'test-run', ts: Date.now(), moves_needed: 30, ...costs, model: 'none' } as const;
    const gate = { edge_gate: 'enforce', before_estimate: 'passes' } as const;
    const worth = { mean_bp: -3.21, error_bp: 1.26, lower_bp: -5.73 };
    const reasons = [
      { reason: 'EXHAUSTION', moves: 12 },
      { reason: 'TREND', moves: 120, ...worth },
    ] as const;
    await engine.write((batch) =>
      batch.setRecord(Records.strategyStatus, { ...status, ...gate, reasons: [...reasons] }),
    );
    await open();
    await shows(
      '#strategy p:nth-child(2)',
      'EXHAUSTION 12 of the 30 moves that an estimate needs; its entries pass until then',
    );
    await shows(
      '#strategy p:nth-child(3)',
      'TREND −3.21 ± 1.3 bp before costs over 120 moves; two errors lower it is −5.7 bp, less than the 9.0 bp needed: entries are refused',
    );
    await shows('#strategy-costs', 'a round trip costs 9.0 bp and the spread · model: none');
    const ofModel = { reason: 'MODEL', moves: 0 } as const;
    await engine.write((batch) => batch.setRecord(Records.strategyStatus, { ...status, ...gate, reasons: [ofModel] }));
    await shows('#strategy p:nth-child(2)', 'MODEL never applies: there is no model (docs/model.md)');
    await engine.write((batch) =>
      batch.setRecord(Records.strategyStatus, {
        ...{ ...status, ...gate, edge_gate: 'observe', cost_bp: 6.5, pays_spread: false, edge_min_ratio: 2 },
        ...{ model: 'm1', model_worth: 'Worth nothing as a filter.' },
        reasons: [
          { reason: 'TREND', moves: 120, mean_bp: 14, error_bp: 1, lower_bp: 12 },
          { reason: 'IMBALANCE', moves: 120, mean_bp: 15, error_bp: 1, lower_bp: 13 },
          {
            reason: 'EXHAUSTION',
            moves: 30,
            mean_bp: 2,
            error_bp: 0.5,
            lower_bp: 0,
            newest_bp: 0,
            lost_ts: Date.UTC(2026, 2, 4, 12),
          },
        ],
      }),
    );
    await shows('#strategy p:nth-child(1)', 'EDGE_VS_COST: observe asks the moves below');
    await shows('#strategy-costs', 'a round trip costs 6.5 bp · model: m1. Worth nothing as a filter.');
    await shows('#strategy p:nth-child(2)', /12\.0 bp, less than the 13\.0 bp needed: entries are made and marked$/);
    await shows('#strategy p:nth-child(3)', /13\.0 bp, enough for 13\.0 bp$/);
    await shows(
      '#strategy p:nth-child(4)',
      /; the newest third of them is .?0\.0 bp, less .*\. On 2026-03-04 12:00:00 UTC it earned less than before, so older moves no longer count$/,
    );
    await engine.write((batch) =>
      batch.setRecord(Records.strategyStatus, {
        ...{ ...status, ...gate, model: 'm1', model_worth: 'It pays. It knows 31 of 49 features (candles only).' },
        ...{ reasons: [], model_edge: { mean_bp: 12, lower_bp: 9, fees_bp: 8 } },
      }),
    );
    await shows(
      '#strategy p:nth-child(1)',
      'EDGE_VS_COST: enforce asks m1 where it speaks: its best candidates earn +12.0 bp after spread and slippage, at least +9.0 bp, enough for the 8.0 bp of fees. Where it abstains, the moves below judge.',
    );
    const few = { reason: 'EXHAUSTION', moves: 12 } as const;
    const poor = { reason: 'TREND', moves: 120, ...worth } as const;
    const weak = { model: 'm1', model_edge: { mean_bp: 12, lower_bp: 5, fees_bp: 8 } };
    const known = {
      model_worth: 'It pays. It knows 31 of 49 features (candles only).',
      reasons: [few, poor, { reason: 'MODEL' as const, moves: 3 }],
    };
    await engine.write((batch) => batch.setRecord(Records.strategyStatus, { ...status, ...gate, ...weak, ...known }));
    await shows('#strategy p:nth-child(1)', /less than the 8\.0 bp of fees: there entries are refused\. Where it/);
    await shows('#strategy p:nth-child(2)', /its entries pass until then where the model abstains$/);
    await shows('#strategy p:nth-child(3)', /entries are refused where the model abstains$/);
    await shows('#strategy p:nth-child(4)', /^MODEL 3 of .*; the model’s own edge judges its entries$/);
    await shows('#strategy-costs', /31 of 49 features \(candles only\)\.$/);
    expect(await page.textContent('#strategy-panel')).toContain('no setting earned its costs with certainty');
  });

  test('prices, a position, figures and services are shown unchanged', async () => {
    const harness = await openPage(browser());
    const { logger, engine, open, shows } = harness;
    await logger.write((batch) => {
      batch.setMap(Maps.openPositions, {
        'BTCUSDT:LONG': position({ entry_price: 63_000.1, entry_ts: Date.now(), stop_loss: 62_000 }),
      });
      batch.setRecord(Records.simulatedPnl, summary);
    });
    await engine.write((batch) =>
      batch.setRecord(
        Records.heartbeat,
        {
          ...{ service: 'signal-engine', status: 'RUNNING', pid: 1, ts: Date.now(), started_ts: Date.now() },
          ...{ loop_lag_ms: 1.25, messages: 4_321, malformed: 0, rss_mb: 81 },
        },
        { service: 'signal-engine' },
      ),
    );
    await open();
    await publishBook(harness, Date.now());
    await shows('#prices tbody tr', /^BTCUSDT64,000\.164,000\.2.*(ms|s|min [\d.]+ s)generator$/);
    await shows('#prices-count', '1');
    await shows('#positions tbody tr', /^BTCUSDT LONG2 · .*64,000\.10entry 63,000\.10\+2,000\.00\+1\.587 %62,000\.00/);
    await shows('#figures', /Realised PnL\+4\.92.*Win rate100\.0 %.*Trades1/);
    await shows('#services tr:has-text("signal-engine")', /^signal-engineRUNNING1\.3 ms.*81 MB4,3210/);
    await shows('#services tr:has-text("dashboard-api")', /^dashboard-apiRUNNING/);
  });

  test('a decision is shown with its reason and its gates, and their content is always text', async () => {
    const { logger, open, page, shows } = await openPage(browser());
    const reason = `<img src="x" onerror="document.body.textContent='broken in'"> bids dominate`;
    await logger.write((batch) => {
      const gates = [
        { gate: 'COOLDOWN', outcome: 'PASSED' },
        { gate: 'EDGE_VS_COST', outcome: 'OBSERVED', value: 0.31, limit: 1, note: reason },
      ] as const;
      batch.push(Lists.decisionLogs, decision('d1', { reason, gates: [...gates] }));
      batch.push(
        Lists.decisionRefusals,
        decision('r1', { outcome: 'REFUSED', refused_by: 'VOLUME', reason: 'volume is thin' }),
      );
    });
    await open();
    await shows('#decisions .reason', reason);
    await shows('#refusals summary', /BTCUSDTLONGvolume.*volume is thin$/);
    await page.click('#decisions summary');
    await shows('#decisions tbody tr:nth-child(2)', `edge vs costobserved0.311${reason}`);
    expect(await page.locator('#decisions img, #refusals img').count()).toBe(0);
  });

  test('Stop, Start and Flatten ask first, and each sends its own command', async () => {
    const { commands, logger, open, page, shows } = await openPage(browser());
    await logger.write((batch) => batch.setMap(Maps.openPositions, { 'BTCUSDT:LONG': position() }));
    await open();
    await shows('#positions-count', '1');
    expect(await page.isDisabled('#start')).toBe(true);

    await page.click('#stop');
    await shows('#confirm-title', 'Stop entries?');
    await shows('#confirm-text', /Stops and exits stay active for 1 open position: BTCUSDT LONG/);
    await page.click('#confirm button[value=cancel]');
    await page.waitForSelector('#confirm', { state: 'hidden' });

    await page.click('#stop');
    await page.click('#confirm-yes');
    await shows('#state', 'REDUCING');
    await shows('#control-result', 'Trading state: REDUCING.');
    await page.click('#start');
    await shows('#confirm-title', 'Start trading?');
    await page.click('#confirm-yes');
    await shows('#state', 'ACTIVE');
    await page.click('#flatten');
    await shows('#confirm-title', 'Flatten and halt?');
    await page.keyboard.press('Escape');
    await page.click('#flatten');
    await page.click('#confirm-yes');
    await shows('#state', 'HALTED');

    expect(commands.map(({ action, issued_by }) => `${action} by ${issued_by}`)).toEqual([
      'stop by dashboard',
      'start by dashboard',
      'flatten by dashboard',
    ]);
    expect(new Set(commands.map(({ command_id }) => command_id)).size).toBe(3);
  });

  test('values that change only with time continue by themselves: a price becomes stale although nothing is sent', async () => {
    const harness = await openPage(browser());
    const { page, open, shows, logger } = harness;
    await page.clock.install();
    await open();
    const entryTs = Date.now();
    const order = restingOrder(entryTs, entryTs + 10.5 * HOUR_MS);
    await logger.write((batch) => {
      batch.setMap(Maps.openPositions, { 'BTCUSDT:LONG': position({ entry_ts: entryTs }) });
      batch.setMap(Maps.openOrders, { o1: order });
    });
    await publishBook(harness, entryTs);
    await shows('#prices tbody td:nth-child(6)', /^[\d.]+ (ms|s|min)/);
    await shows('#orders tbody td:nth-child(4)', /^10 h/);
    const clockBefore = Date.parse((await page.textContent('#market-clock')) ?? '');

    // Sets the clock without firing timers: two silent hours would make the page connect again.
    await page.clock.setSystemTime(Date.now() + 2 * HOUR_MS);
    await shows('#prices tbody td:nth-child(6)', /^stale 2 h/);
    await shows('#prices-count', '1 stale of 1');
    await shows('#positions tbody td:nth-child(1) small', /^2 · 2 h/);
    await shows('#orders tbody td:nth-child(4)', /^8 h/);
    const clockAfter = Date.parse((await page.textContent('#market-clock')) ?? '');
    expect(clockAfter - clockBefore).toBeGreaterThanOrEqual(2 * HOUR_MS - 1_000);

    await publishBook(harness, Date.now(), '64000.15');
    await shows('#prices-count', '1');
    await shows('#positions tbody td:nth-child(1) small', /^2 · [\d.]+ (ms|s|min)/);
  });

  test('a paused replay is paused on the page too', async () => {
    const harness = await openPage(browser(), {
      source: { kind: 'replay', files: ['session.gz'], speed: 1, exit: false },
    });
    const { page, open, shows } = harness;
    await page.clock.install();
    await open();
    await shows('#badge', 'REPLAY · simulated');
    await shows('#market-clock', 'no frame yet');
    await publishBook(harness, Date.UTC(2024, 6, 18, 12));
    await shows('#market-clock', '2024-07-18 12:00:00 UTC');
    await shows('#prices tbody td:nth-child(6)', '0 ms');
    // Sets the clock without firing timers: two silent hours would make the page connect again.
    await page.clock.setSystemTime(Date.now() + 2 * HOUR_MS);
    expect(await page.textContent('#market-clock')).toBe('2024-07-18 12:00:00 UTC');
    expect(await page.textContent('#prices tbody td:nth-child(6)')).toBe('0 ms');
  });

  test('a custom venue is never shown as the real one', async () => {
    const { page, shows, open } = await openPage(browser(), {
      mode: 'public',
      network: 'mainnet',
      venue: '127.0.0.1:9090',
      run: 'public:custom:127.0.0.1:9090',
      source: undefined,
    });
    await open();
    await shows('#badge', 'PUBLIC · custom venue · simulated');
    await shows('#run', 'public:custom:127.0.0.1:9090');
    expect(await page.getAttribute('#badge', 'title')).toBe('The venue is at 127.0.0.1:9090, not the real one');
  });

  test('in live Start is disabled with its reason, and enabled once the account is ready', async () => {
    const { engine, execution, page, shows, url, enter } = await openPage(browser(), {
      mode: 'live',
      network: 'testnet',
      run: 'live:testnet:0123456789',
    });
    const write = (status: Partial<LiveStatus>) =>
      execution.write((batch) =>
        batch.setRecord(
          Records.liveStatus,
          aLiveStatus({ run: 'live:testnet:0123456789', updated_ts: Date.now(), ...status }),
        ),
      );
    await engine.write((batch) =>
      batch.setRecord(Records.fleetState, {
        state: 'HALTED',
        reason: 'first live start: press Start to trade',
        changed_ts: Date.now(),
        applied_commands: [],
      }),
    );
    await write({ can_enter: false, blocked_by: [{ code: 'USER_STREAM', reason: 'no user stream' }] });
    await page.goto(url);
    await enter('correct horse');
    await shows('#badge', 'LIVE · testnet');
    await shows('#state-reason', /^first live start: press Start to trade · since/);
    await expect.poll(() => page.getAttribute('#start', 'title')).toBe('Start is refused: USER_STREAM: no user stream');
    expect(await page.isDisabled('#start')).toBe(true);
    await write({});
    await expect.poll(() => page.isDisabled('#start')).toBe(false);
    await page.click('#flatten');
    await shows('#confirm-title', 'Flatten and halt?');
    await shows('#confirm-text', /real orders on testnet/);
  });

  test('the page shows above everything that Redis is away, and removes that when it answers again', async () => {
    const { logger, open, page, redis, shows } = await openPage(browser());
    await logger.write((batch) => batch.setRecord(Records.simulatedPnl, summary));
    await open();
    await shows('#figures', /Realised PnL\+4\.92/);
    expect(await page.isVisible('#connection')).toBe(false);
    await redis.kill();
    await shows('#connection', /Redis at 127\.0\.0\.1:\d+ cannot be reached.*Everything continues by itself/);
    expect(await page.isVisible('#connection')).toBe(true);
    await shows('#figures', /Realised PnL\+4\.92/);
    await redis.restart();
    await page.waitForSelector('#connection', { state: 'hidden' });
    await expect
      .poll(() => logger.write((batch) => batch.setRecord(Records.simulatedPnl, { ...summary, total_pnl: 7 })))
      .toBeUndefined();
    await shows('#figures', /Realised PnL\+7\.00/);
  });
});
