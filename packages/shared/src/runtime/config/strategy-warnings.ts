import { HORIZON_KEYS, horizonKeyOf } from '../../domain/settings/reason-horizons.ts';
import type { Settings } from '../../domain/settings.ts';
import { lowestCostBp } from './strategy-rules.ts';

/** Combinations that are allowed, but do something else than they seem to; one sentence each. */
export function strategyWarnings(settings: Settings): string[] {
  return [
    ...horizonWarnings(settings),
    ...targetWarnings(settings),
    ...exitWarnings(settings),
    ...gateWarnings(settings),
  ];
}

function horizonWarnings({ reasons, risk: { max_hold_sec } }: Settings): string[] {
  return Object.entries(HORIZON_KEYS).flatMap(([reason, key]) => {
    const horizonSec = 60 * reasons[key];
    if (!reasons.enabled.includes(reason) || horizonSec <= max_hold_sec) return [];
    return [
      `risk.max_hold_sec = ${max_hold_sec} closes positions before the horizon of ${reason} (reasons.${key} = ${reasons[key]}, ${horizonSec} s): stop and target stay those of the horizon, so few are reached. Make both equal.`,
    ];
  });
}

/** Targets that TARGET refuses even on a market that moves as much as one of the watchlist should. */
function targetWarnings(settings: Settings): string[] {
  const { reasons, risk, trading } = settings;
  const minuteBp = (100 * trading.volatility_high_pct) / Math.sqrt(60);
  const neededBp = risk.min_target_costs * lowestCostBp(settings);
  return reasons.enabled.flatMap((reason) => {
    const key = horizonKeyOf(reason);
    const minutes = key === undefined ? 1 : reasons[key];
    const targetBp = risk.take_profit_atr * minuteBp * Math.sqrt(minutes);
    if (targetBp >= neededBp) return [];
    const [target, needed] = [targetBp, neededBp].map((bp) => Number(bp.toFixed(1)));
    const horizon = key === undefined ? 'has the horizon of a minute' : `has a horizon of reasons.${key} = ${minutes}`;
    return [
      `${reason} ${horizon}, so its target is about ${target} bp away (risk.take_profit_atr = ${risk.take_profit_atr}) even at trading.volatility_high_pct = ${trading.volatility_high_pct}, but risk.min_target_costs = ${risk.min_target_costs} needs at least ${needed} bp: TARGET refuses nearly every entry. Raise risk.take_profit_atr; a lower risk.min_target_costs lets trades pass that lose their costs.`,
    ];
  });
}

function exitWarnings({ risk }: Settings): string[] {
  const warnings: string[] = [];
  const { trailing_stop, take_profit_atr, reversal_exit, reversal_min_hold_sec, max_hold_sec } = risk;
  const [distance, activation] = [risk.trailing_distance_atr, risk.trailing_activation_atr];
  if (trailing_stop && Math.max(distance, activation) >= take_profit_atr)
    warnings.push(
      `risk.trailing_stop is on, but it starts ${Math.max(distance, activation)} ATRs from the entry (the larger of risk.trailing_distance_atr and risk.trailing_activation_atr) or later, and the target lies at ${take_profit_atr} (risk.take_profit_atr): the target closes nearly every position first. Raise risk.take_profit_atr, or lower both.`,
    );
  if (reversal_exit !== 'off' && reversal_min_hold_sec >= max_hold_sec)
    warnings.push(
      `risk.reversal_exit = ${reversal_exit} has no effect: risk.reversal_min_hold_sec = ${reversal_min_hold_sec} is not below risk.max_hold_sec = ${max_hold_sec}.`,
    );
  return warnings;
}

function gateWarnings({ reasons, signals, risk, trend, regime, reddit }: Settings): string[] {
  const warnings: string[] = [];
  const blocking = [
    ...(trend.enabled ? ['trend.enabled'] : []),
    ...(regime.enabled && regime.trending_down.blocked.includes('LONG') ? ['regime.enabled'] : []),
  ];
  if (reasons.enabled.includes('EXHAUSTION') && blocking.length > 0)
    warnings.push(
      `EXHAUSTION enters LONG after a fall, and ${blocking.join(' and ')} = true refuses nearly every LONG there (docs/strategy.md).`,
    );
  if (signals.edge_gate !== 'enforce' && risk.min_target_costs === 0)
    warnings.push(
      `signals.edge_gate = ${signals.edge_gate} and risk.min_target_costs = 0: nothing refuses an entry that does not pay for its costs.`,
    );
  if (reasons.enabled.includes('SENTIMENT') && !reddit.enabled)
    warnings.push(
      'reasons.enabled names SENTIMENT, but reddit.enabled = false: it applies only if another program writes sentiment.',
    );
  if (signals.nobi_threshold !== 'auto' && signals.nobi_quantile !== 0.9)
    warnings.push(
      `signals.nobi_quantile = ${signals.nobi_quantile} has no effect: signals.nobi_threshold is a number. Write auto to use it.`,
    );
  return warnings;
}
