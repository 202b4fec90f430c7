import type { Settings } from '../../domain/settings.ts';
import type { SettingsRule } from './settings-rule.ts';

/** Minimum number of symbols for a mean of the watchlist, as the strategy needs it. */
const MIN_SYMBOLS = 3;

/** Combinations under which a reason can never open a position, or no reason can: nobody wants them. */
export const STRATEGY_RULES: readonly SettingsRule[] = [
  {
    reads: ['reasons.enabled'],
    complaint: ({ reasons: { enabled } }) => {
      const never = enabled.slice(enabled.indexOf('IMBALANCE') + 1)[0];
      if (!enabled.includes('IMBALANCE') || never === undefined) return undefined;
      return {
        what: `reasons.enabled names ${never} after IMBALANCE, which always applies: ${never} would never be asked`,
        fix: 'Write IMBALANCE last, or leave it out',
      };
    },
  },
  {
    reads: ['reasons.enabled', 'signals.model_dir'],
    complaint: ({ reasons, signals }) =>
      reasons.enabled.includes('MODEL') && signals.model_dir === 'none'
        ? {
            what: 'reasons.enabled names MODEL, but signals.model_dir = none: there would be no model to ask',
            fix: 'Name the folder of a model, or leave MODEL out',
          }
        : undefined,
  },
  {
    reads: ['reasons.enabled', 'sentiment.enabled'],
    complaint: ({ reasons, sentiment }) =>
      reasons.enabled.includes('SENTIMENT') && !sentiment.enabled
        ? {
            what: 'reasons.enabled names SENTIMENT, but sentiment.enabled = false: it would never apply',
            fix: 'Set sentiment.enabled = true, or leave SENTIMENT out',
          }
        : undefined,
  },
  {
    reads: ['reasons.enabled', 'trading.symbols'],
    complaint: ({ reasons, trading: { symbols } }) =>
      reasons.enabled.includes('RELATIVE_MOMENTUM') && symbols.length > 0 && symbols.length < MIN_SYMBOLS
        ? {
            what: `reasons.enabled names RELATIVE_MOMENTUM, which compares at least ${MIN_SYMBOLS} symbols, but trading.symbols has ${symbols.length}`,
            fix: 'Name more symbols, or leave RELATIVE_MOMENTUM out',
          }
        : undefined,
  },
  {
    reads: [
      ...(['risk.min_target_costs', 'risk.max_stop_pct', 'risk.stop_loss_atr', 'risk.take_profit_atr'] as const),
      ...(['fees.taker_fee', 'fees.maker_fee', 'fees.slippage_bp'] as const),
    ],
    complaint: (settings) => {
      const { max_stop_pct, stop_loss_atr, take_profit_atr, min_target_costs } = settings.risk;
      const farthestBp = (100 * max_stop_pct * take_profit_atr) / stop_loss_atr;
      const neededBp = min_target_costs * lowestCostBp(settings);
      if (farthestBp >= neededBp) return undefined;
      const [farthest, needed] = [farthestBp, neededBp].map((bp) => Number(bp.toFixed(2)));
      return {
        what: `a target is at most ${farthest} bp away (risk.max_stop_pct × risk.take_profit_atr / risk.stop_loss_atr), but risk.min_target_costs = ${min_target_costs} needs ${needed} bp: no entry would ever pass TARGET`,
        fix: 'Raise risk.max_stop_pct or risk.take_profit_atr, or lower risk.min_target_costs',
      };
    },
  },
];

/** Fees and slippage of the cheapest round trip, basis points: any entry, an exit that takes, no spread. */
export function lowestCostBp({ fees: { taker_fee, maker_fee, slippage_bp } }: Settings): number {
  const taker = 10_000 * taker_fee + slippage_bp;
  return taker + Math.min(10_000 * maker_fee, taker);
}
