import { boolean, choice, integer, LIVE_PROFILE, number, optionalNumber, text } from './setting.ts';

/** Live orders. */
export const execution = {
  order_timeout_ms: integer(5_000, 'Helios queries an order without an answer after this, milliseconds.', {
    min: 500,
    max: 60_000,
  }),
  instance: text(
    'a',
    'Tag in the ids of our orders, 1 to 3 lower-case letters or digits. Each fleet on an account needs its own.',
  ),
  entry_style: choice(
    ['taker', 'maker', 'maker_then_taker'],
    'taker',
    'taker: market order. maker: post-only at the best price, moved along with it. maker_then_taker: takes what a maker did not get.',
  ),
  dead_mans_switch: boolean(
    false,
    'Let the venue cancel resting entries two minutes after Helios dies. Only on the test venue, and only if the doctor finds that stops are spared.',
  ),
  maker_timeout_ms: integer(15_000, 'Maximum time for which a maker entry rests, milliseconds.', {
    min: 500,
    max: 600_000,
  }),
  maker_reprice_ms: integer(1_000, 'Minimum time between two prices of a maker entry, milliseconds.', {
    min: 100,
    max: 60_000,
  }),
  maker_max_reprices: integer(8, 'Maximum number of new prices of a maker entry.', { min: 0, max: 100 }),
  max_chase_bp: number(
    15,
    'An entry gives up once the price is worse than at its decision by more than this, basis points.',
    { min: 0, max: 1_000 },
  ),
  exit_rest_ms: integer(
    2_000,
    'An exit that can wait rests this long at the best price before it takes, milliseconds; 0: it takes at once.',
    { min: 0, max: 60_000 },
  ),
  exit_ioc_bp: number(10, 'How far beyond the best price an IOC exit may fill, basis points; then a market order.', {
    min: 0,
    max: 500,
  }),
} as const;

/** Simulated trading. */
export const simulation = {
  profile: choice(
    ['simulation', 'live'],
    'simulation',
    'live: the risk rules of live trading judge and size entries, on an account of starting_balance; gates without enough data refuse. simulation: fixed size; such gates let entries pass.',
  ),
  mode: choice(
    ['HF_MARKET', 'HF_LIMIT', 'LF_MARKET', 'LF_LIMIT'],
    'HF_MARKET',
    'Simulated order type (MARKET, LIMIT) and cooldown (HF short, LF long).',
  ),
  position_notional: number(
    1_000,
    'Value of every simulated entry, quote currency. The quantity is rounded down to the instrument’s step.',
    { min: 0.01, max: 1e12 },
  ),
  position_size: optionalNumber(
    'Quantity of every simulated entry, base currency. Replaces position_notional; rounded down to the step.',
    { min: 0.000_000_01, max: 1e9 },
  ),
  starting_balance: number(
    10_000,
    'Simulated equity at the start, quote currency. Another value, mode or profile starts the figures again.',
    { min: 1, max: 1e12 },
  ),
  maintenance_margin_pct: number(
    2.5,
    `Maintenance margin of simulated positions, percent of their value. The venue shows its own only to an account. ${LIVE_PROFILE}`,
    { min: 0.1, max: 50 },
  ),
  limit_timeout_sec: integer(
    30,
    'After this an unfilled LIMIT entry is MISSED, and an unfilled LIMIT exit becomes a taker fill, seconds.',
    {
      min: 1,
      max: 86_400,
    },
  ),
} as const;

/** Fractions of notional. */
export const fees = {
  taker_fee: number(0.0004, 'Taker fee, fraction of notional. The venue’s VIP 0 taker fee is 0.05 % (0.0005) today.', {
    min: 0,
    max: 0.05,
  }),
  maker_fee: number(0.0002, 'Maker fee, fraction of notional.', { min: 0, max: 0.05 }),
  slippage_bp: number(
    0.5,
    'Extra cost of every taker fill for the time between decision and fill, besides the book levels it takes, basis points.',
    { min: 0, max: 1_000 },
  ),
} as const;

/** Statistics. */
export const performance = {
  risk_free_rate_pct: number(0, 'Yearly risk-free rate, subtracted in Sharpe and Sortino, percent.', {
    min: 0,
    max: 100,
  }),
} as const;
