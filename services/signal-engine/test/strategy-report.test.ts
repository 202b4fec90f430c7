import { EdgeEstimates } from '@helios/core/strategy/edge-estimate.ts';
import { profileOf } from '@helios/core/trading/profile.ts';
import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import { ReasonCode } from '@helios/shared/domain/signal.ts';
import type { ReasonMoves } from '@helios/shared/domain/strategy-status.ts';
import { shippedSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createRecordingLog, silentLog } from '@helios/shared/testing/silent-log.ts';
import { expect, test } from 'vitest';
import { reasonSettings } from '../src/reason-settings.ts';
import { createStrategyReport } from '../src/strategy-report.ts';
import { RUN } from './engine-harness.ts';

const shipped = shippedSettings();
const fake = createFakeRedis();

function aReport(
  edges: EdgeEstimates,
  { run = RUN, remembers = true, name = 'SIMULATION' as 'SIMULATION' | 'LIVE', params = shipped, log = silentLog } = {},
) {
  const profile = profileOf(name, params);
  const parts = { bus: fake.bus('signal-engine'), engine: { edges }, params, profile, run, log, remembers };
  return createStrategyReport(parts);
}

function learnt(moves: number, moveBp: number): EdgeEstimates {
  const edges = new EdgeEstimates();
  for (let n = 0; n <= moves; n += 1) edges.learn('EXHAUSTION', moveBp, T0 + n * 1_800_000, 1_800_000);
  return edges;
}

/** Evenly spread between −80 and 80 bp. */
const spread = (n: number) => ((n * 37) % 161) - 80;

const status = () => fake.bus('dashboard-api').getRecord(Records.strategyStatus);

test('the report says what the enabled reasons were worth, and what happens without an estimate', async () => {
  await aReport(learnt(29, 10)).write({ model: 'none' }, T0);
  expect(await status()).toEqual({
    ...{
      run: RUN,
      ts: T0,
      model: 'none',
      moves_needed: 30,
      edge_gate: 'enforce',
      before_estimate: 'passes',
      cost_bp: 9,
      pays_spread: true,
      edge_min_ratio: 1,
    },
    reasons: [{ reason: 'EXHAUSTION', moves: 29 }],
  });
  await aReport(learnt(30, 10), { name: 'LIVE' }).write({ model: 'm1' }, T0);
  const reasons = [{ reason: 'EXHAUSTION', moves: 30, mean_bp: 6, error_bp: 0, lower_bp: 6, newest_bp: 10 }];
  expect(await status()).toMatchObject({ model: 'm1', before_estimate: 'refuses', reasons });
  expect(await status()).toMatchObject({ model_worth: expect.stringContaining('no manifest') });
  const known = { model: 'm2', worth: 'Worth nothing as a filter, so it abstains.' };
  await aReport(learnt(30, 10)).write(known, T0);
  expect(await status()).toMatchObject({ model_worth: known.worth });
  await aReport(learnt(30, 10)).write({ ...known, silent: 'It expired on 2026-01-01.' }, T0);
  expect(await status()).toMatchObject({ model_worth: 'It expired on 2026-01-01.' });
});

test('the report says how much a model knows, and that its own edge judges', async () => {
  const model = { model: 'm3', worth: 'It pays.', knows: 'knows 31 of 49 features (candles only)' };
  await aReport(learnt(30, 10)).write({ ...model, edge: { mean_bp: 12, lower_bp: 9 } }, T0);
  expect(await status()).toMatchObject({
    model_worth: 'It pays. It knows 31 of 49 features (candles only).',
    model_edge: { mean_bp: 12, lower_bp: 9, fees_bp: 8 },
  });
  await aReport(learnt(30, 10)).write(model, T0);
  expect(await status()).not.toHaveProperty('model_edge');
});

test('a restart forgets no move of its run; a replay and another run read and keep none', async () => {
  await aReport(learnt(40, 10)).write({ model: 'none' }, T0);
  const restarted = new EdgeEstimates();
  await aReport(restarted).restore(T0);
  // The last move had no successor yet.
  expect(restarted.of('EXHAUSTION')).toEqual(learnt(41, 10).of('EXHAUSTION'));
  for (const other of [{ run: 'other' }, { remembers: false }]) {
    const edges = new EdgeEstimates();
    await aReport(edges, other).restore(T0);
    expect(edges.countOf('EXHAUSTION')).toBe(0);
  }
  await aReport(learnt(50, 99), { remembers: false }).write({ model: 'none' }, T0);
  const kept = await fake.bus('signal-engine').getMap(Maps.reasonMoves);
  expect(kept['EXHAUSTION']?.moves_bp).toEqual(Array.from({ length: 41 }, () => 10));
});

test('a move that has no successor yet is kept as soon as it is known: a rare reason may wait weeks for the next one', async () => {
  const edges = learnt(30, 10);
  const report = aReport(edges);
  await report.write({ model: 'none' }, T0);
  edges.learn('EXHAUSTION', 70, T0 + 40 * 1_800_000, 1_800_000);
  await report.write({ model: 'none' }, T0);
  const kept = async () => (await fake.bus('signal-engine').getMap(Maps.reasonMoves))['EXHAUSTION']?.moves_bp.at(-1);
  expect(await kept()).toBe(70);
  edges.learn('EXHAUSTION', 50, T0 + 40 * 1_800_000 + 1, 1_800_000);
  await report.write({ model: 'none' }, T0);
  expect(await kept()).toBe(60);
});

test('a loss of the edge is reported, and what was forgotten stays forgotten after a restart', async () => {
  const edges = new EdgeEstimates();
  const learn = (n: number) => edges.learn('EXHAUSTION', (n < 300 ? 90 : 0) + spread(n), T0 + n * 1_800_000, 1_800_000);
  for (let n = 0; n < 340; n += 1) learn(n);
  await aReport(edges).write({ model: 'none' }, T0);
  const lost_ts = edges.lostTsOf('EXHAUSTION');
  expect(lost_ts).toBeGreaterThan(T0 + 300 * 1_800_000);
  const [shown] = (await status())?.reasons ?? [];
  expect(shown).toMatchObject({ moves: edges.countOf('EXHAUSTION'), lost_ts });
  expect(edges.countOf('EXHAUSTION')).toBeLessThan(60);
  expect((await fake.bus('signal-engine').getMap(Maps.reasonMoves))['EXHAUSTION']).toMatchObject({ lost_ts });
  const restarted = new EdgeEstimates();
  await aReport(restarted).restore(T0 + 340 * 1_800_000);
  expect(restarted.countOf('EXHAUSTION')).toBe(edges.countOf('EXHAUSTION') + 1);
  expect(restarted.lostTsOf('EXHAUSTION')).toBe(lost_ts);
});

test('a record of an earlier version, with moves from before a loss, loads and forgets them', async () => {
  await aReport(learnt(40, 10)).write({ model: 'none' }, T0);
  const kept = (await fake.bus('signal-engine').getMap(Maps.reasonMoves))['EXHAUSTION'];
  if (kept === undefined) throw new Error('nothing is kept');
  const moves_bp = Array.from({ length: 235 }, (_, n) => (n < 200 ? 90 : 0) + spread(n));
  await fake
    .bus('signal-engine')
    .write((batch) => batch.setField(Maps.reasonMoves, 'EXHAUSTION', { ...kept, moves_bp }));
  const edges = new EdgeEstimates();
  await aReport(edges).restore(T0 + 5);
  expect(edges.countOf('EXHAUSTION')).toBeLessThan(60);
  expect(edges.lostTsOf('EXHAUSTION')).toBe(T0 + 5);
});

/** Keeps 40 moves, then changes the record. */
async function keepWith(changed: Partial<ReasonMoves>): Promise<void> {
  await aReport(learnt(40, 10)).write({ model: 'none' }, T0);
  const kept = (await fake.bus('signal-engine').getMap(Maps.reasonMoves))['EXHAUSTION'];
  if (kept === undefined) throw new Error('nothing is kept');
  await fake
    .bus('signal-engine')
    .write((batch) => batch.setField(Maps.reasonMoves, 'EXHAUSTION', { ...kept, ...changed }));
}

test('moves that Redis lost are kept again at the next report, though no new one was measured', async () => {
  const report = aReport(learnt(40, 10));
  await report.write({ model: 'none' }, T0);
  await fake.bus('signal-engine').write((batch) => batch.remove(Maps.reasonMoves));
  await report.write({ model: 'none' }, T0 + 5_000);
  const restarted = new EdgeEstimates();
  await aReport(restarted).restore(T0 + 10_000);
  expect(restarted.countOf('EXHAUSTION')).toBe(41);
});

test('moves that no price can make are left out with a warning: their mean would be no number', async () => {
  await keepWith({ moves_bp: Array.from({ length: 100 }, () => 1e308) });
  const [edges, log] = [new EdgeEstimates(), createRecordingLog()];
  const report = aReport(edges, { log });
  await report.restore(T0);
  await report.write({ model: 'none' }, T0);
  expect((await status())?.reasons).toEqual([{ reason: 'EXHAUSTION', moves: 0 }]);
  expect(log.lines).toMatchObject([{ level: 'warn', fields: { reason: 'EXHAUSTION', moves: 100 } }]);
});

test('a loss that was noted on a clock ahead of ours is not shown in the future', async () => {
  await keepWith({ lost_ts: Number.MAX_SAFE_INTEGER });
  const edges = new EdgeEstimates();
  await aReport(edges).restore(T0 + 5);
  expect(edges.lostTsOf('EXHAUSTION')).toBe(T0 + 5);
});

test.each([
  ['another horizon', { reasons: { exhaustion_horizon_min: 5 } }, 0],
  ['another limit', { reasons: { exhaustion_sigmas: 2 } }, 0],
  ['settings of other reasons', { reasons: { trend_horizon_min: 5 }, risk: { max_stop_pct: 2 } }, 41],
] as const)('after a restart with %s: moves of other settings do not count', async (_, changed, count) => {
  await aReport(learnt(40, 10)).write({ model: 'none' }, T0);
  const edges = new EdgeEstimates();
  await aReport(edges, { params: shippedSettings(changed) }).restore(T0);
  expect(edges.countOf('EXHAUSTION')).toBe(count);
});

test('each reason has settings that make it', () => {
  for (const reason of ReasonCode.options) expect(reasonSettings(reason, shipped), reason).toContain('=');
});

test('the cost is that of the simulation mode: a resting entry pays the fee of a maker and earns half the spread', async () => {
  await aReport(learnt(1, 1), { params: shippedSettings({ simulation: { mode: 'HF_LIMIT' } }) }).write(
    { model: 'none' },
    T0,
  );
  expect(await status()).toMatchObject({ cost_bp: 6.5, pays_spread: false });
});
