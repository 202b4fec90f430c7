import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compareLegs } from '@helios/backtest/parity/compare-legs.ts';
import { type Parity, runParity } from '@helios/backtest/parity/parity.ts';
import { generatedMarket, recordedMarket } from '@helios/backtest/parity/parity-market.ts';
import { parityReport, unexplainedIn } from '@helios/backtest/parity/parity-report.ts';
import { paritySettings } from '@helios/backtest/parity/parity-settings.ts';
import { tradePairs } from '@helios/backtest/parity/trade-pairs.ts';
import { loadTradingModel } from '@helios/core/model/load-trading-model.ts';
import { isFinal } from '@helios/shared/domain/execution.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { madeFolder } from '../../core/test/model/made-model.ts';

const DATA = resolve(process.env['HELIOS_DATA_DIR'] ?? '../shared/data', 'depth');
const recorded = (...names: string[]) =>
  recordedMarket(
    names.map((name) => join(DATA, name)),
    (text) => expect.unreachable(text),
  );
const FLATTEN_EVERY_MS = 120_000;
const LIMIT_MS = 240_000;

/** What must hold for every live run. */
function expectExplained(parity: Parity): void {
  expect(unexplainedIn(parity), parityReport(parity)).toEqual([]);
  const { signals, executions, trades } = parity.live;
  const finals = executions.filter(({ answer }) => isFinal(answer)).map(({ signal_id }) => signal_id);
  expect(new Set(finals).size).toBe(finals.length);
  expect(signals.filter(({ signal_id }) => !finals.includes(signal_id))).toEqual([]);
  expect(trades.length).toBeGreaterThan(3);
  expect(parity.decisions.filter(({ cause }) => cause === 'EQUAL').length).toBeGreaterThan(10);
}

describe('a generated market across a funding', () => {
  let parity: Parity;
  beforeAll(async () => {
    const settings = paritySettings();
    parity = await runParity({ open: generatedMarket(8, 12), settings, flattenEveryMs: FLATTEN_EVERY_MS });
  }, LIMIT_MS);

  test('every difference between the live and the paper run has a proven cause', () => expectExplained(parity));

  test('every exit reason happens live, and funding is paid', () => {
    const reasons = new Set(parity.live.trades.map(({ exit_reason }) => exit_reason));
    const expected = ['OPERATOR', 'SESSION_END', 'SIGNAL_REVERSAL', 'STOP_LOSS', 'TAKE_PROFIT'];
    for (const reason of expected) expect(reasons).toContain(reason);
    expect(parity.live.flows.some(({ kind }) => kind === 'FUNDING_FEE')).toBe(true);
    expect(parity.live.trades.some(({ funding = 0 }) => funding !== 0)).toBe(true);
  });

  test('a stop that the history of the exchange does not show explains nothing', () => {
    const { ledger } = parity.live.truth;
    const withoutStops = ledger.filter(({ kind }) => kind !== 'ALGO');
    expect(causesOf(parity, ledger)).toContain('STOP_AT_VENUE');
    expect(causesOf(parity, withoutStops)).toContain('UNEXPLAINED');
  });

  test('a stop whose price had passed is explained by the answers of the exchange alone', () => {
    const { ledger } = parity.live.truth;
    expect(causesOf(parity, ledger)).toContain('STOP_PASSED');
    const silent = { ...parity, live: { ...parity.live, answers: { refused: [], marks: [] } } };
    expect(causesOf(silent, ledger)).not.toContain('STOP_PASSED');
    expect(causesOf(silent, ledger)).toContain('UNEXPLAINED');
  });

  test('an order that left late explains nothing', () => {
    const late = parity.live.trades.map((trade) => ({
      ...trade,
      entry_price: trade.entry_price + 1,
      ...(trade.entry_leg && { entry_leg: { ...trade.entry_leg, sent_ts: trade.entry_leg.decided_ts + 1 } }),
    }));
    const changed = { ...parity, live: { ...parity.live, trades: late } };
    expect(causesOf(changed, parity.live.truth.ledger)).toContain('UNEXPLAINED');
  });

  test('a history that lost its begin is a fault', () => {
    const truth = { ...parity.live.truth, ledger: parity.live.truth.ledger.slice(1) };
    expect(unexplainedIn({ ...parity, live: { ...parity.live, truth } })).toHaveLength(1);
  });

  test('a wallet that our record does not explain is a fault', () => {
    const truth = { ...parity.live.truth, after: String(Number(parity.live.truth.after) + 0.000_000_01) };
    expect(unexplainedIn({ ...parity, live: { ...parity.live, truth } })).toHaveLength(1);
  });
});

function causesOf({ live, paper }: Parity, ledger: Parity['live']['truth']['ledger']): readonly string[] {
  const facts = { ledger, answers: live.answers, since: () => 0, exitRestMs: 2_000 };
  const { legs } = compareLegs(tradePairs(live, paper), facts);
  return legs.map(({ cause }) => cause);
}

test('a live strategy with another threshold is found', { timeout: LIMIT_MS }, async () => {
  const parity = await runParity({
    open: generatedMarket(2, 7),
    settings: paritySettings(),
    liveSettings: paritySettings({ SIGNALS_NOBI_THRESHOLD: '0.32' }),
    flattenEveryMs: FLATTEN_EVERY_MS,
  });
  expect(unexplainedIn(parity).length).toBeGreaterThan(0);
  expect(parity.decisions.some(({ cause }) => cause === 'UNEXPLAINED')).toBe(true);
});

describe('a model', () => {
  test('judges live as on paper, one by one: as a reason, and by its confidence', { timeout: LIMIT_MS }, async () => {
    const settings = paritySettings({ REASONS_ENABLED: 'MODEL' });
    const load = loadTradingModel(madeFolder({ max_out_of_range: 1, expires_ts: Date.UTC(2030, 0), trained_ts: 0 }));
    if (load.kind !== 'LOADED') throw new Error(JSON.stringify(load));
    const options = { open: generatedMarket(6, 7), settings, flattenEveryMs: FLATTEN_EVERY_MS };
    const parity = await runParity({ ...options, model: load.model });
    expectExplained(parity);
    const entries = parity.live.signals.filter(({ entry_reason }) => entry_reason !== undefined);
    expect(entries.length).toBeGreaterThan(3);
    for (const { model, entry_reason, gates } of entries) {
      expect([model, entry_reason]).toEqual(['made-1', 'MODEL']);
      expect(gates?.find(({ gate }) => gate === 'ML_CONFIDENCE')).toMatchObject({
        ...{ outcome: 'PASSED', note: 'model: made-1' },
      });
    }
    const without = await runParity({ ...options, open: generatedMarket(2, 7) });
    expect(without.live.signals.filter(({ entry_reason }) => entry_reason !== undefined)).toEqual([]);
  });
});

describe.skipIf(!existsSync(DATA))('recorded sessions', () => {
  test('BTCUSDT 2023, whose exits take at once: all decisions and trades are equal', {
    timeout: LIMIT_MS,
  }, async () => {
    const parity = await runParity({
      open: recorded('usdm_btcusdt_20230404.dat.gz', 'usdm_btcusdt_20230405.dat.gz'),
      settings: paritySettings({ EXECUTION_EXIT_REST_MS: '0', RISK_TRAILING_STOP: 'false', RISK_MIN_STOP_PCT: '1' }),
      flattenEveryMs: FLATTEN_EVERY_MS,
    });
    expectExplained(parity);
    expect([...parity.decisions, ...parity.legs].filter(({ cause }) => cause !== 'EQUAL')).toEqual([]);
    const reasons = new Set(parity.live.trades.map(({ exit_reason }) => exit_reason));
    for (const reason of ['TIME_EXIT', 'SIGNAL_REVERSAL', 'OPERATOR', 'SESSION_END']) expect(reasons).toContain(reason);
  });

  test('BTCUSDT and ETHUSDT 2024: every difference has a proven cause', { timeout: LIMIT_MS }, async () => {
    const days = ['20240718.gz', '20240719.gz'];
    const names = ['btcusdt', 'ethusdt'].flatMap((symbol) => days.map((day) => `usdm_${symbol}_${day}`));
    const settings = paritySettings();
    expectExplained(await runParity({ open: recorded(...names), settings, flattenEveryMs: FLATTEN_EVERY_MS }));
  });
});
