import { readFileSync } from 'node:fs';
import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import type { Account } from '@helios/shared/domain/account.ts';
import type { LiveStatus } from '@helios/shared/domain/live-status.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { expect, it, onTestFinished, test } from 'vitest';
import { describeInBrowser } from './describe-in-browser.ts';
import { openPage } from './page-harness.ts';
import { position, summary } from './records.ts';
import { startDashboard } from './start-dashboard.ts';

const account = (more: Partial<Account> = {}): Account => ({
  run: 'test-run',
  wallet_balance: 5_000.5,
  unrealized_pnl: -12.25,
  margin_balance: 4_988.25,
  available_balance: 4_000,
  initial_margin: 988.25,
  maintenance_margin: 49.9,
  free_margin_pct: 80.2,
  maintenance_ratio_pct: 1,
  margin_level: 'OK',
  positions: [],
  simulated: false,
  updated_ts: T0,
  ...more,
});

const status = (more: Partial<LiveStatus> = {}): LiveStatus => ({
  run: 'test-run',
  can_enter: false,
  blocked_by: [{ code: 'USER_STREAM', reason: 'the user stream is closed' }],
  user_stream: { is_open: false },
  differences: ['BTCUSDT: the venue has 2, Helios 1'],
  unknown_orders: [],
  foreign_orders: 1,
  foreign_positions: [],
  uncovered_ms: 2_500,
  weight: { used: 120, limit: 2_400 },
  order_latency_ms: { p50: 41, p99: 230 },
  rejects: {},
  updated_ts: Date.now(),
  ...more,
});

const BLOCK = { code: 'NOT_READY', reason: 'SELF_TEST: BALANCE: nothing is available' };

const covered = position({
  simulated: false,
  mark_price: 101.5,
  unrealized_pnl: 3,
  liquidation_price: 80,
  cover: { state: 'UNCOVERED', stop_price: 95, quantity: 0, bare_since_ts: T0 },
});

test('/api/account and /api/positions give the live account, its state, and the funding by the venue', async () => {
  const page = await startDashboard({ mode: { mode: 'live', network: 'testnet', source: undefined } });
  await page.login();
  expect(await page.read('/api/account')).toEqual({ run: 'test-run', clock_ts: expect.any(Number) });
  const execution = page.fake.bus('execution-manager');
  await execution.write((batch) => {
    batch.setRecord(Records.account, account());
    batch.setRecord(Records.liveStatus, status());
    batch.setField(Maps.openPositions, 'BTCUSDT:LONG', covered);
  });
  const funding = { run: 'test-run', signal_id: 's1', funding: 0.031, updated_ts: T0 };
  await page.fake.bus('decision-logger').write((batch) => {
    batch.setRecord(Records.performance, { ...summary, mode: 'live' });
    batch.setField(Maps.positionFunding, 'BTCUSDT:LONG', funding);
  });
  expect(await page.read('/api/account')).toMatchObject({ account: account(), live: { can_enter: false } });
  expect(await page.read('/api/positions')).toMatchObject({ positions: [{ funding: 0.031, mark_price: 101.5 }] });
  expect(await page.read('/api/performance')).toMatchObject({
    source: 'performance_metrics',
    summary: { mode: 'live' },
  });
  await execution.write((batch) => batch.setRecord(Records.account, account({ run: 'another run' })));
  expect(await page.read('/api/account')).not.toHaveProperty('account');
});

describeInBrowser('the page in live', (browser) => {
  it('shows balance, margin, why no entry is possible, and each position with mark, liquidation, cover and funding', async () => {
    const dashboard = await openPage(browser(), { mode: 'live', network: 'testnet', source: undefined });
    const { shows, execution, logger } = dashboard;
    await execution.write((batch) => {
      batch.setRecord(Records.account, account());
      batch.setRecord(Records.liveStatus, status({ updated_ts: Date.now() }));
      batch.setField(Maps.openPositions, 'BTCUSDT:LONG', covered);
    });
    const funding = { run: 'test-run', signal_id: 's1', funding: 0.031, updated_ts: T0 };
    await logger.write((batch) => batch.setField(Maps.positionFunding, 'BTCUSDT:LONG', funding));
    await dashboard.open();
    await shows('#account-entries', 'no entries');
    await shows('#account-blocks', /USER_STREAM the user stream is closed.*differs BTCUSDT/);
    await shows('#account', /Wallet5,000\.50.*Free margin80\.2 %.*Uncovered.*Order latency41 \/ 230 ms.*Not ours1/);
    await shows(
      '#positions tbody',
      /101\.50.*entry 100\.00.*\+3\.00.*funding paid 0\.031.*95\.00.*uncovered.*liquidation 80\.00/,
    );
    const open = { can_enter: true, blocked_by: [], differences: [], uncovered_ms: 0, foreign_orders: 0 };
    await execution.write((batch) =>
      batch.setRecord(Records.liveStatus, status({ ...open, user_stream: { is_open: true }, updated_ts: Date.now() })),
    );
    await shows('#account-entries', 'entries possible');
    await shows('#account-blocks', '');
  });

  it('shows what Start will do, sends it on Confirm only, and refuses it with the reasons while the account is not ready', async () => {
    const dashboard = await openPage(browser(), { mode: 'live', network: 'testnet', source: undefined });
    const { page, shows, execution, engine, commands } = dashboard;
    const selfTest = (passed: boolean): NonNullable<LiveStatus['self_test']> => ({
      ...{ passed, ts: T0 },
      checks: [
        { check: 'RIGHT_TO_TRADE', outcome: 'PASSED', detail: 'the key may trade' },
        { check: 'BALANCE', outcome: passed ? 'PASSED' : 'FAILED', detail: 'nothing is available' },
      ],
    });
    const writeStatus = (more: Partial<LiveStatus>) =>
      execution.write((batch) => batch.setRecord(Records.liveStatus, status({ updated_ts: Date.now(), ...more })));
    const ready = { can_enter: true, blocked_by: [], differences: [], self_test: selfTest(true) };
    await execution.write((batch) => {
      batch.setRecord(Records.account, account());
      batch.setField(Maps.openPositions, 'BTCUSDT:LONG', covered);
    });
    await dashboard.open();
    await engine.write((batch) =>
      batch.setRecord(Records.fleetState, {
        ...{ state: 'HALTED', reason: 'first live start: press Start to trade' },
        ...{ changed_ts: Date.now() + 1, applied_commands: [] },
      }),
    );
    await shows('#state', 'HALTED');

    // Keeps the status fresh while the page is looked at.
    let more: Partial<LiveStatus> = { self_test: selfTest(false), blocked_by: [BLOCK] };
    const beats = setInterval(() => void writeStatus(more), 500);
    onTestFinished(() => clearInterval(beats));
    await shows('#start-refused', 'Start is refused. NOT_READY: SELF_TEST: BALANCE: nothing is available');
    expect(await page.isDisabled('#start')).toBe(true);

    more = { ...ready, foreign_positions: ['ETHUSDT 3'] };
    await shows('#start-refused', '');
    await page.click('#start');
    await shows('#confirm-title', 'Start live trading?');
    await shows('#confirm-text', /Networktestnet: no real money.*Addressdemo-fapi\.binance\.com/);
    await shows(
      '#confirm-text',
      /Account5,000\.50 USDT in the wallet, 4,000\.00 USDT available.*Self-testpassed at .*2 of 2 checks/,
    );
    await shows('#confirm-text', /BTCUSDT LONG, 2 BTC at 100.*stop uncovered.*ETHUSDT 3, not of Helios/);
    await shows('#confirm-text', /Leverage: 5×.*Open positions: 3 at most.*per symbol: 100 %.*in total: 200 %/);
    await shows('#confirm-text', /per cluster: 150 %.*Daily loss: 5 %/);
    await shows('#confirm-yes', 'Confirm');
    await page.click('#confirm button[value=cancel]');
    await page.waitForSelector('#confirm', { state: 'hidden' });
    expect(commands).toEqual([]);

    // A long dialog scrolls; its buttons stay in sight.
    await page.setViewportSize({ width: 390, height: 500 });
    await page.click('#start');
    await shows('#confirm-text', /Daily loss: 5 %/);
    const bottom = await page.evaluate(`document.querySelector('#confirm-yes').getBoundingClientRect().bottom`);
    expect(bottom).toBeLessThan(500);
    await page.click('#confirm-yes');
    await shows('#state', 'ACTIVE');
    expect(commands).toMatchObject([{ action: 'start' }]);
  });
});

test('the hosts that the page shows are those of the adapter', () => {
  const root = new URL('../../../', import.meta.url);
  const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
  const hosts = read('packages/binance/src/rest/venue-hosts.ts').match(/(?<=https:\/\/)[a-z.-]+/g) ?? [];
  expect(hosts.length).toBe(2);
  for (const host of hosts) expect(read('services/dashboard-api/public/start-preview.js')).toContain(`'${host}'`);
});
