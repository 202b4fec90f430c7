import { EdgeEstimates } from '@helios/core/strategy/edge-estimate.ts';
import { profileOf } from '@helios/core/trading/profile.ts';
import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import { shippedSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { expect, test } from 'vitest';
import { createStrategyReport } from '../src/strategy-report.ts';
import { RUN } from './engine-harness.ts';

const params = shippedSettings();
const fake = createFakeRedis();

function aReport(
  edges: EdgeEstimates,
  { run = RUN, remembers = true, name = 'SIMULATION' as 'SIMULATION' | 'LIVE' } = {},
) {
  const profile = profileOf(name, params);
  return createStrategyReport({ bus: fake.bus('signal-engine'), engine: { edges }, params, profile, run, remembers });
}

function learnt(moves: number, moveBp: number): EdgeEstimates {
  const edges = new EdgeEstimates();
  for (let n = 0; n <= moves; n += 1) edges.learn('EXHAUSTION', moveBp, T0 + n * 1_800_000, 1_800_000);
  return edges;
}

const status = () => fake.bus('dashboard-api').getRecord(Records.strategyStatus);

test('the report says what the enabled reasons were worth, and what happens without an estimate', async () => {
  await aReport(learnt(29, 10)).write('none', T0);
  expect(await status()).toEqual({
    ...{
      run: RUN,
      ts: T0,
      model: 'none',
      moves_needed: 30,
      edge_gate: 'enforce',
      before_estimate: 'passes',
      cost_bp: 9,
    },
    reasons: [{ reason: 'EXHAUSTION', moves: 29 }],
  });
  await aReport(learnt(30, 10), { name: 'LIVE' }).write('m1', T0);
  const reasons = [{ reason: 'EXHAUSTION', moves: 30, mean_bp: 6, error_bp: 0, lower_bp: 6 }];
  expect(await status()).toMatchObject({ model: 'm1', before_estimate: 'refuses', reasons });
});

test('a restart forgets no move of its run; a replay and another run read and keep none', async () => {
  await aReport(learnt(40, 10)).write('none', T0);
  const restarted = new EdgeEstimates();
  await aReport(restarted).restore();
  expect(restarted.of('EXHAUSTION')).toEqual(learnt(40, 10).of('EXHAUSTION'));
  for (const other of [{ run: 'other' }, { remembers: false }]) {
    const edges = new EdgeEstimates();
    await aReport(edges, other).restore();
    expect(edges.countOf('EXHAUSTION')).toBe(0);
  }
  await aReport(learnt(50, 99), { remembers: false }).write('none', T0);
  const kept = await fake.bus('signal-engine').getMap(Maps.reasonMoves);
  expect(kept['EXHAUSTION']?.moves_bp).toEqual(Array.from({ length: 40 }, () => 10));
});
