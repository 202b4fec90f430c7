/** One number that a model reads about a candidate. */
interface Feature {
  readonly name: string;
  /** True if it says something about a direction: it is then multiplied by the side, LONG 1 and SHORT −1. */
  readonly isSigned: boolean;
  /** What it says, with its unit; for documentation. */
  readonly about: string;
}

const signed = (name: string, about: string): Feature => ({ name, isSigned: true, about });
const plain = (name: string, about: string): Feature => ({ name, isSigned: false, about });

/** Timeframes of the trend features, shortest first. */
export const FEATURE_TIMEFRAMES = ['5m', '15m', '1h', '4h'] as const;

/** Coins whose own state is known about every other one. */
export const LEADERS = [
  { symbol: 'BTCUSDT', prefix: 'btc' },
  { symbol: 'ETHUSDT', prefix: 'eth' },
] as const;

/**
 * The features in their order. None depends on the size of a price or of a quantity. σ of n minutes: the volatility of a minute over
 * the last four hours, times √n. A positive signed feature favours a rise before it is multiplied by the side.
 */
const FEATURES: readonly Feature[] = [
  signed('queue_imbalance', 'Best bid quantity against best ask quantity, −1..1.'),
  signed('imbalance_5', 'Value of the five best bids against the five best asks, −1..1.'),
  signed('imbalance_10', 'The same for ten levels.'),
  signed('imbalance_20', 'The same for twenty levels.'),
  signed('order_flow_1s', 'Order-flow imbalance of 1 s, in mean quantities at the best price.'),
  signed('order_flow_10s', 'The same of 10 s.'),
  signed('order_flow_60s', 'The same of 60 s.'),
  signed('trade_flow_10s', 'Value that buyers took against value that sellers took in 10 s, −1..1.'),
  signed('trade_flow_60s', 'The same in 60 s, or in the last one-minute kline.'),
  signed('trade_flow_5m', 'The same in 5 minutes, or in the last five klines.'),
  signed('microprice_bp', 'Quantity-weighted price of best bid and ask against the mid, basis points.'),
  plain('spread_bp', 'Spread, basis points of the mid.'),
  plain('spread_rank', 'Share of the last 600 seconds with a book whose spread was smaller, 0..1.'),
  plain(
    'depth_distance_bp',
    'Mean distance of the visible value from the mid, basis points: small if the book is steep.',
  ),
  signed('depth_skew', 'Logarithm of that distance on the ask side over that on the bid side.'),
  plain('volatility_15m', 'Realised volatility of a minute over 15 minutes, basis points.'),
  plain('volatility_60m', 'The same over 60 minutes.'),
  plain('volatility_240m', 'The same over 240 minutes.'),
  plain('volatility_rank', 'Share of the hours of the last five days whose range was smaller, 0..1.'),
  plain('volume_ln', 'Logarithm of the last minute’s volume over the mean of 60 minutes.'),
  ...FEATURE_TIMEFRAMES.flatMap((interval) => [
    signed(`trend_${interval}`, `Fast minus slow mean price of ${interval} klines, in their σ.`),
    signed(`momentum_${interval}`, `Return of ten ${interval} klines, in its σ.`),
  ]),
  signed('return_now', 'Return since the last one-minute kline, in σ of a minute; missing on candles.'),
  signed('return_5m', 'Return of 5 minutes, in its σ.'),
  signed('return_15m', 'Return of 15 minutes, in its σ.'),
  signed('return_60m', 'Return of 60 minutes, in its σ.'),
  signed('return_240m', 'Return of 240 minutes, in its σ.'),
  signed('vwap_distance', 'Distance from the VWAP since midnight UTC, in the session’s own σ.'),
  signed('regime_trend', '1 in a rising trend, −1 in a falling one, else 0.'),
  plain('regime_volatile', '1 in the regime VOLATILE, −1 in QUIET, else 0.'),
  signed('funding_bp', 'Next funding rate, basis points; positive: longs pay.'),
  plain('funding_hours', 'Hours until the next funding.'),
  signed('basis_bp', 'Mark price against the index, or against the mid without one, basis points.'),
  plain('hour_sin', 'Sine of the hour of the day, UTC.'),
  plain('hour_cos', 'Cosine of the hour of the day, UTC.'),
  ...LEADERS.flatMap(({ symbol, prefix }) => [
    signed(`${prefix}_return_15m`, `Return of 15 minutes of ${symbol}, in its σ; missing for itself.`),
    signed(`${prefix}_return_60m`, `The same of 60 minutes.`),
    signed(`${prefix}_imbalance_20`, `Imbalance of twenty levels of ${symbol}; missing for itself.`),
  ]),
  signed('sentiment', 'Sentiment of the coin, or of the market, against its usual tone, −1..1.'),
  signed('sentiment_momentum', 'Change of the sentiment, −2..2.'),
];

/** Version of the features: a change of a name, an order or a meaning changes it. */
export const FEATURE_SET = 'helios-1';

/** Names of the features. A vector has this order; NaN in memory and null in JSON mean missing. */
export const FEATURE_NAMES: readonly string[] = FEATURES.map(({ name }) => name);

/** True for each feature, in order, that is multiplied by the side. */
export const FEATURE_SIGNED: readonly boolean[] = FEATURES.map(({ isSigned }) => isSigned);

/** What each feature says, in order. */
export const FEATURE_ABOUT: readonly string[] = FEATURES.map(({ about }) => about);

/** The last one-minute klines, oldest first, one row each. Signed columns are multiplied by the side, too. */
export const SEQUENCE = {
  rows: 32,
  columns: ['return', 'range', 'volume', 'taker', 'vwap'],
  isSigned: [true, false, false, true, true],
  about: [
    'Return of the minute, in σ.',
    'High to low of the minute, in σ.',
    'Logarithm of the volume over the mean of 60 minutes.',
    'Volume that buyers took against volume that sellers took, −1..1.',
    'Distance of the close from the session’s VWAP, in the session’s own σ.',
  ],
} as const;
