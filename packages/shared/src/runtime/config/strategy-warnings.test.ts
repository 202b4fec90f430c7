import { describe, expect, test } from 'vitest';
import { shippedSettings } from '../../testing/builders.ts';
import { faultsOf } from '../../testing/settings-folder.ts';
import { strategyWarnings } from './strategy-warnings.ts';

describe('combinations that do something else than they seem to', () => {
  test('the shipped settings have none', () => {
    expect(strategyWarnings(shippedSettings())).toEqual([]);
  });

  test.each([
    [{ risk: { max_hold_sec: 60 } }, /before the horizon of EXHAUSTION .* 1800 s/],
    [{ risk: { trailing_stop: true } }, /trailing_stop is on.* 1.5 ATRs .* target lies at 0.5 /],
    [{ risk: { reversal_exit: 'always', reversal_min_hold_sec: 3_600 } }, /reversal_exit = always has no effect/],
    [{ trend: { enabled: true } }, /trend.enabled = true refuses nearly every LONG/],
    [{ regime: { enabled: true } }, /regime.enabled = true refuses nearly every LONG/],
    [{ signals: { edge_gate: 'observe' }, risk: { min_target_costs: 0 } }, /nothing refuses an entry/],
    [{ reasons: { enabled: ['SENTIMENT'] } }, /another program writes sentiment/],
    [
      { reasons: { enabled: ['IMBALANCE'] } },
      /IMBALANCE has the horizon of a minute.* 12.9 bp .* needs at least 19.5 bp/,
    ],
    [{ reasons: { exhaustion_horizon_min: 2 } }, /EXHAUSTION has a horizon of reasons.exhaustion_horizon_min = 2,/],
    [{ signals: { nobi_quantile: 0.95 } }, /nobi_quantile = 0.95 has no effect/],
  ] as const)('%j', (overrides, text) => {
    const warnings = strategyWarnings(shippedSettings(overrides as Parameters<typeof shippedSettings>[0]));
    expect(warnings).toEqual([expect.stringMatching(text)]);
  });

  test('settings that fit together have none', () => {
    const fits = [
      { risk: { max_hold_sec: 1_800 } },
      { risk: { trailing_stop: true, take_profit_atr: 3 } },
      { reasons: { enabled: ['IMBALANCE'] }, risk: { max_hold_sec: 10, take_profit_atr: 1 }, trend: { enabled: true } },
      { signals: { nobi_threshold: 'auto', nobi_quantile: 0.95 } },
    ];
    for (const each of fits) expect(strategyWarnings(shippedSettings(each as never)), JSON.stringify(each)).toEqual([]);
  });

  test('a cheap target passes where the cheapest round trip pays, and any target where nothing asks', () => {
    for (const env of [{ RISK_MAX_STOP_PCT: '0.4' }, { RISK_MAX_STOP_PCT: '0.1', RISK_MIN_TARGET_COSTS: '0' }])
      expect(faultsOf({ env })).toEqual([]);
  });
});
