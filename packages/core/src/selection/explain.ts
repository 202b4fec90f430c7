import type { ScoreParts, WatchReason } from '@helios/shared/domain/asset-selection.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';

/** Explains a reason, for a sentence that starts with the symbol. */
export function explainReason(reason: WatchReason, params: Settings['trading']): string {
  switch (reason) {
    case 'TOP':
      return `among the best ${params.watchlist_size}`;
    case 'MARGIN':
      return `stays, because no challenger is better by ${params.watchlist_margin}`;
    case 'YOUNG':
      return `stays, because it has been watched for less than ${params.watchlist_min_age_min} min`;
    case 'UNJUDGED':
      return 'stays with its last score, because this scan had no figures of it';
    case 'HELD':
      return 'stays, because a position or an order is open on it';
    case 'FIXED':
      return 'named in trading.symbols';
    case 'START':
      return 'a default symbol, until the first scan has succeeded';
  }
}

/** `0.83 of 187 scored: volume 12.3 bn USDT (better than 99 %), …`. */
export function explainScore(score: number, parts: ScoreParts, scored: number, params: Settings['trading']): string {
  const { quote_volume, top_depth, spread_bp, volatility_pct, volatility_source } = parts;
  const { volatility_low_pct: low, volatility_high_pct: high } = params;
  const place = volatility_pct < low ? 'too quiet' : volatility_pct > high ? 'too wild' : 'within the band';
  const source = volatility_source === 'ATR' ? 'ATR' : 'by the day’s range';
  return [
    `score ${score.toFixed(3)} among ${scored}`,
    `24 h volume ${money(quote_volume)} (share ${parts.volume_share.toFixed(2)})`,
    `${money(top_depth)} at the best prices (${rank(parts.depth_rank)})`,
    `spread ${spread_bp.toFixed(2)} bp (${rank(parts.spread_rank)})`,
    `volatility ${volatility_pct.toFixed(2)} % an hour ${source} (${place}, fit ${parts.volatility_fit.toFixed(2)})`,
  ].join(', ');
}

function rank(share: number): string {
  return `better than ${Math.round(100 * share)} %`;
}

function money(usdt: number): string {
  const [divisor, unit] = usdt >= 1e9 ? [1e9, ' bn'] : usdt >= 1e6 ? [1e6, ' m'] : usdt >= 1e3 ? [1e3, ' k'] : [1, ''];
  return `${(usdt / divisor).toFixed(usdt >= 1e3 ? 1 : 0)}${unit} USDT`;
}
