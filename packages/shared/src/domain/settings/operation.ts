import { boolean, choice, integer, LIVE_PROFILE, NOT_YET, number, optionalNumber, text, wordList } from './setting.ts';

/** Access to the venue. */
export const binance = {
  api_key: text(
    '',
    'API key; the venue has to take it before anything starts. Without key and secret there is no live mode.',
    { env: 'BINANCE_API_KEY', secret: true },
  ),
  api_secret: text('', 'API secret; only the mode resolver and execution-manager ever see it.', {
    env: 'BINANCE_API_SECRET',
    secret: true,
  }),
  testnet: boolean(
    true,
    'Use the test venue, which has keys of its own. Mainnet needs LIVE_TRADING_CONFIRM=mainnet as well.',
    {
      env: 'BINANCE_TESTNET',
    },
  ),
  rest_url: text(
    '',
    'Address of the venue’s REST interface; empty: the network’s own. Another one is a custom venue: it has accounts of its own.',
  ),
  stream_url: text(
    '',
    'Address of the venue’s market streams, without a path; empty: the network’s own. Public mode uses none.',
  ),
} as const;

/** How public market data is polled. */
export const polling = {
  weight_share: number(0.6, 'Share of the venue’s request weight per minute and address that polling may use.', {
    min: 0.02,
    max: 0.95,
  }),
  min_interval_ms: integer(
    500,
    'No book is asked for more often than this, milliseconds; with many symbols less often.',
    {
      min: 50,
      max: 60_000,
    },
  ),
  timeout_ms: integer(5_000, 'An answer has to be complete within this, milliseconds.', { min: 100, max: 60_000 }),
  coingecko_url: text(
    'https://api.coingecko.com/api/v3',
    'Address of CoinGecko, which prices exits while the venue is away; empty: never asked. The real CoinGecko is never asked for a custom venue.',
  ),
  coingecko_interval_sec: integer(20, 'CoinGecko is asked this often while the venue is away, seconds.', {
    min: 1,
    max: 3_600,
  }),
} as const;

/** Live orders. */
export const execution = {
  order_timeout_ms: integer(
    5_000,
    `An order without an answer is queried after this, milliseconds. ${NOT_YET.liveTrading}`,
    {
      min: 500,
      max: 60_000,
    },
  ),
} as const;

/** Simulated trading, where trading is off. */
export const simulation = {
  profile: choice(
    ['simulation', 'live'],
    'simulation',
    'live: entries are judged and sized by the risk rules of live trading, on an account of starting_balance; a gate that is not warm and an edge below its cost refuse. simulation: a fixed size, and both let an entry pass.',
  ),
  mode: choice(
    ['HF_MARKET', 'HF_LIMIT', 'LF_MARKET', 'LF_LIMIT'],
    'HF_MARKET',
    'Order type (MARKET, LIMIT) and cooldown (HF short, LF long) simulated.',
  ),
  position_notional: number(
    1_000,
    'Value of every simulated entry, quote currency; its quantity is rounded down to the step of the instrument.',
    { min: 0.01, max: 1e12 },
  ),
  position_size: optionalNumber(
    'Quantity of every simulated entry, base currency, in place of position_notional; rounded down to the step.',
    { min: 0.000_000_01, max: 1e9 },
  ),
  starting_balance: number(
    10_000,
    'Simulated equity at the start, quote currency. Changed, or with another mode or profile, the figures start again.',
    { min: 1, max: 1e12 },
  ),
  maintenance_margin_pct: number(
    2.5,
    `Maintenance margin of simulated positions, percent of their value: the venue tells its own only to an account. ${LIVE_PROFILE}`,
    { min: 0.1, max: 50 },
  ),
  limit_timeout_sec: integer(
    30,
    'A LIMIT entry unfilled after this is MISSED; an exit becomes a taker fill; seconds.',
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
    'Charged on every taker leg for the time between decision and fill, beside the levels it takes, basis points.',
    { min: 0, max: 1_000 },
  ),
} as const;

/** Redis, logs and processes. */
export const system = {
  redis_host: text('127.0.0.1', 'Redis host.', { env: 'REDIS_HOST' }),
  redis_port: integer(6379, 'Redis port.', { min: 1, max: 65_535, env: 'REDIS_PORT' }),
  redis_db: integer(0, 'Redis database.', { min: 0, max: 15, env: 'REDIS_DB' }),
  redis_username: text('', 'Redis user (ACL); empty: the default user.', { env: 'REDIS_USERNAME' }),
  redis_password: text(
    '',
    'Redis password; empty: none, and for the private Redis a generated one (file `redis-password` in data_dir).',
    {
      env: 'REDIS_PASSWORD',
      secret: true,
      password: true,
    },
  ),
  redis_tls: boolean(false, 'Encrypt the connection to Redis (TLS); the server’s certificate is checked.', {
    env: 'REDIS_TLS',
  }),
  redis_tls_ca: text('', 'File with the certificate authority of Redis (PEM); empty: the public ones.', {
    env: 'REDIS_TLS_CA',
  }),
  redis_url: text(
    '',
    'All of the above in one address, redis://user:password@host:port/db or rediss://… for TLS; in place of them.',
    { env: 'REDIS_URL', secret: true },
  ),
  log_level: choice(['debug', 'info', 'warn', 'error'], 'info', 'Least level that is logged.', { env: 'LOG_LEVEL' }),
  data_dir: text('.helios', 'Folder for the ledger and other state, relative to the project.'),
  log_dir: text('logs', 'Folder for logs and the daily CSV, relative to the project.'),
  synthetic_seed: integer(1, 'Seed of the synthetic market.', { min: 0, max: 2_147_483_647 }),
  log_max_mb: integer(20, 'A log file is rotated at this size, megabytes.', { min: 1, max: 1_000 }),
  log_keep: integer(5, 'Rotated log files kept.', { min: 1, max: 100 }),
  refusals_kept: integer(
    100_000,
    'Refusals kept in a ledger, some 2 KB each; older ones are deleted, signals and trades never.',
    { min: 1_000, max: 10_000_000 },
  ),
} as const;

/** Page and HTTP API. */
export const dashboard = {
  host: text('127.0.0.1', 'Address the dashboard listens on.'),
  port: integer(8080, 'Port of the dashboard.', { min: 1, max: 65_535, env: 'DASHBOARD_PORT' }),
  login: boolean(true, 'Ask for the password. Turn off only behind something that does.'),
  public_hosts: wordList(
    [],
    'Names besides addresses, localhost and dashboard.host under which browsers reach the page, as in the address bar: `name` or `name:port`. Needed behind a proxy.',
  ),
  password: text('', 'Password of the dashboard; empty: one is made; the first start says where it is.', {
    env: 'DASHBOARD_PASSWORD',
    secret: true,
    password: true,
  }),
  stale_after_sec: integer(60, 'A price older than this is marked stale, seconds.', { min: 1, max: 3_600 }),
} as const;

/** Reddit access. */
export const reddit = {
  enabled: boolean(false, 'Read Reddit.', { env: 'REDDIT_ENABLED' }),
  client_id: text('', 'OAuth client id.', { env: 'REDDIT_CLIENT_ID', secret: true }),
  client_secret: text('', 'OAuth client secret.', { env: 'REDDIT_CLIENT_SECRET', secret: true }),
  user_agent: text('', 'User agent Reddit asks for, with your account name.', { env: 'REDDIT_USER_AGENT' }),
  subreddits: wordList(['CryptoCurrency', 'Bitcoin', 'ethereum', 'CryptoMarkets'], 'Subreddits to read.'),
  auth_url: text('https://www.reddit.com', 'Where the access token is asked for.'),
  api_url: text('https://oauth.reddit.com', 'Where listings and comments are read.'),
  poll_interval_sec: integer(60, 'Pause between two rounds of reading, seconds.', { min: 1, max: 3_600 }),
  request_timeout_ms: integer(10_000, 'A request without a whole answer is given up after this, milliseconds.', {
    min: 100,
    max: 60_000,
  }),
  comment_threads: integer(5, 'Rising posts whose comments are read in each round.', { min: 0, max: 50 }),
  half_life_sec: integer(21_600, 'The weight of a post is halved with each of these, seconds.', {
    min: 60,
    max: 604_800,
  }),
  min_items: integer(5, 'A mood of fewer posts and comments, by effect, is neutral.', { min: 1, max: 1_000 }),
  usual_tone: number(0.18, 'Mean tone of these subreddits on ordinary days, −1..1: there the score is 0.', {
    min: -1,
    max: 1,
  }),
  posts_file: text('', 'File of recorded posts (JSON lines, may be .gz) to play instead of reading Reddit.'),
  posts_speed: number(60, 'How many times faster than they were written recorded posts are played.', {
    min: 0.01,
    max: 1_000_000,
  }),
} as const;

/** What sentiment may do. */
export const sentiment = {
  enabled: boolean(true, 'Let sentiment refuse or weaken entries against the mood, and tighten stops in a shock.', {
    env: 'SENTIMENT_ENABLED',
  }),
  block_score: number(0.5, 'Refuse entries against a score at least this strong, 0..1.', { min: 0, max: 1 }),
  weaken_score: number(0.25, 'Entries against a score stronger than this lose confidence, 0..1.', { min: 0, max: 1 }),
  weaken_factor: number(0.5, 'Share of the confidence that is left at block_score.', { min: 0, max: 1 }),
  shock_momentum: number(0.5, 'A turn of the mood against a position by this much within hours is a shock.', {
    min: 0.01,
    max: 2,
  }),
  shock_stop_factor: number(
    0.7,
    'In a shock the distances of stops are multiplied by this, those of open positions too; at an entry also that of the target.',
    {
      min: 0.1,
      max: 1,
    },
  ),
  max_age_sec: integer(1_800, 'Older sentiment is neutral, seconds.', { min: 1, max: 604_800 }),
} as const;

/** Azure Monitor. */
export const azure = {
  connection_string: text('', `Application Insights connection string; empty for none. ${NOT_YET.azureExport}`, {
    env: 'AZURE_CONNECTION_STRING',
    secret: true,
  }),
} as const;

/** When monitoring-agent raises an alert. */
export const alerts = {
  heartbeat_timeout_sec: integer(5, 'A service silent for this long is down, seconds.', { min: 2, max: 600 }),
  stale_stream_sec: integer(30, 'A watched symbol without a book for this long is stale, seconds.', {
    min: 1,
    max: 3_600,
  }),
  loop_lag_ms: integer(500, 'Event-loop delay that is alerted, milliseconds.', { min: 10, max: 60_000 }),
  rss_mb: integer(400, 'Memory of one service that is alerted, megabytes.', { min: 50, max: 100_000 }),
  losing_streak: integer(10, 'Losing trades in a row that are alerted; 0: never.', { min: 0, max: 10_000 }),
  daily_loss_pct: number(
    5,
    'Loss of a UTC day that is alerted, percent of the equity that the day began with; 0: never.',
    { min: 0, max: 100 },
  ),
  drawdown_pct: number(10, 'Equity that far below its peak is alerted, percent of the peak; 0: never.', {
    min: 0,
    max: 100,
  }),
  repeat_sec: integer(300, 'An alert that lasts is repeated after this, seconds.', { min: 10, max: 86_400 }),
} as const;

/** Statistics. */
export const performance = {
  risk_free_rate_pct: number(0, 'Yearly risk-free rate taken off in Sharpe and Sortino, percent.', {
    min: 0,
    max: 100,
  }),
} as const;
