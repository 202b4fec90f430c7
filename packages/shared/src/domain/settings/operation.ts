import { boolean, choice, integer, LIVE_PROFILE, NOT_YET, number, optionalNumber, text, wordList } from './setting.ts';

/** Access to the venue. */
export const binance = {
  api_key: text(
    '',
    'API key. The venue must accept it before anything starts. Without key and secret there is no live mode.',
    { env: 'BINANCE_API_KEY', secret: true },
  ),
  api_secret: text('', 'API secret. Only the mode resolver and execution-manager read it.', {
    env: 'BINANCE_API_SECRET',
    secret: true,
  }),
  testnet: boolean(
    true,
    'Use the test venue, which has its own keys. Mainnet also needs LIVE_TRADING_CONFIRM=mainnet.',
    {
      env: 'BINANCE_TESTNET',
    },
  ),
  rest_url: text(
    '',
    'Address of the venue’s REST interface; empty: the network’s own. Any other address is a custom venue with its own paper accounts.',
  ),
  stream_url: text(
    '',
    'Address of the venue’s market streams, without a path; empty: the network’s own. Public mode uses no streams.',
  ),
} as const;

/** How public market data is polled. */
export const polling = {
  weight_share: number(
    0.6,
    'Share of the venue’s request-weight limit (per minute and IP address) that polling may use.',
    {
      min: 0.02,
      max: 0.95,
    },
  ),
  min_interval_ms: integer(
    500,
    'Minimum time between two requests for the same book, milliseconds. With many symbols it is longer.',
    {
      min: 50,
      max: 60_000,
    },
  ),
  timeout_ms: integer(5_000, 'Maximum time for a complete answer, milliseconds.', { min: 100, max: 60_000 }),
  coingecko_url: text(
    'https://api.coingecko.com/api/v3',
    'Address of CoinGecko, whose prices serve exits while the venue is away; empty: not used. A custom venue never uses the real CoinGecko.',
  ),
  coingecko_interval_sec: integer(20, 'Time between two CoinGecko requests while the venue is away, seconds.', {
    min: 1,
    max: 3_600,
  }),
} as const;

/** Live orders. */
export const execution = {
  order_timeout_ms: integer(
    5_000,
    `Helios queries an order without an answer after this, milliseconds. ${NOT_YET.liveTrading}`,
    {
      min: 500,
      max: 60_000,
    },
  ),
} as const;

/** Simulated trading. */
export const simulation = {
  profile: choice(
    ['simulation', 'live'],
    'simulation',
    'live: the risk rules of live trading judge and size entries, on an account of starting_balance; cold gates and an edge below cost refuse. simulation: fixed size; both let entries pass.',
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

/** Redis, logs and processes. */
export const system = {
  redis_host: text('127.0.0.1', 'Redis host.', { env: 'REDIS_HOST' }),
  redis_port: integer(6379, 'Redis port.', { min: 1, max: 65_535, env: 'REDIS_PORT' }),
  redis_db: integer(0, 'Redis database.', { min: 0, max: 15, env: 'REDIS_DB' }),
  redis_username: text('', 'Redis user (ACL); empty: the default user.', { env: 'REDIS_USERNAME' }),
  redis_password: text(
    '',
    'Redis password; empty: no password, or for the private Redis a generated one (file `redis-password` in data_dir).',
    {
      env: 'REDIS_PASSWORD',
      secret: true,
      password: true,
    },
  ),
  redis_tls: boolean(false, 'Encrypt the connection to Redis (TLS) and check the server’s certificate.', {
    env: 'REDIS_TLS',
  }),
  redis_tls_ca: text('', 'File with the certificate authority of Redis (PEM); empty: the public authorities.', {
    env: 'REDIS_TLS_CA',
  }),
  redis_url: text(
    '',
    'One address that replaces host, port, database, user, password and TLS: redis://user:password@host:port/db, or rediss://… for TLS.',
    { env: 'REDIS_URL', secret: true },
  ),
  log_level: choice(['debug', 'info', 'warn', 'error'], 'info', 'Minimum level that is logged.', { env: 'LOG_LEVEL' }),
  data_dir: text('.helios', 'Folder of the ledger and other state, relative to the project.'),
  log_dir: text('logs', 'Folder of the logs and the daily CSV, relative to the project.'),
  synthetic_seed: integer(1, 'Seed of the synthetic market.', { min: 0, max: 2_147_483_647 }),
  log_max_mb: integer(20, 'Size at which a log file is rotated, megabytes.', { min: 1, max: 1_000 }),
  log_keep: integer(5, 'Number of rotated log files kept.', { min: 1, max: 100 }),
  refusals_kept: integer(
    100_000,
    'Number of refusals kept in a ledger, about 2 KB each. Older refusals are deleted; signals and trades never are.',
    { min: 1_000, max: 10_000_000 },
  ),
} as const;

/** Page and HTTP API. */
export const dashboard = {
  host: text('127.0.0.1', 'Address that the dashboard listens on.'),
  port: integer(8080, 'Port of the dashboard.', { min: 1, max: 65_535, env: 'DASHBOARD_PORT' }),
  login: boolean(true, 'Require the password. Turn this off only behind a proxy with its own login.'),
  public_hosts: wordList(
    [],
    'Extra host names under which browsers reach the page, as in the address bar: `name` or `name:port`. Needed behind a proxy. IP addresses, localhost and dashboard.host always work.',
  ),
  password: text('', 'Password of the dashboard; empty: Helios generates one, and the first start says where it is.', {
    env: 'DASHBOARD_PASSWORD',
    secret: true,
    password: true,
  }),
  stale_after_sec: integer(60, 'The page marks a price older than this as stale, seconds.', { min: 1, max: 3_600 }),
} as const;

/** Reddit access. */
export const reddit = {
  enabled: boolean(false, 'Read Reddit.', { env: 'REDDIT_ENABLED' }),
  client_id: text('', 'OAuth client id.', { env: 'REDDIT_CLIENT_ID', secret: true }),
  client_secret: text('', 'OAuth client secret.', { env: 'REDDIT_CLIENT_SECRET', secret: true }),
  user_agent: text('', 'User agent for Reddit; must contain your account name.', { env: 'REDDIT_USER_AGENT' }),
  subreddits: wordList(['CryptoCurrency', 'Bitcoin', 'ethereum', 'CryptoMarkets'], 'Subreddits to read.'),
  auth_url: text('https://www.reddit.com', 'Address that grants the access token.'),
  api_url: text('https://oauth.reddit.com', 'Address of listings and comments.'),
  poll_interval_sec: integer(60, 'Pause between two rounds of reading, seconds.', { min: 1, max: 3_600 }),
  request_timeout_ms: integer(10_000, 'Maximum time for a complete answer, milliseconds.', {
    min: 100,
    max: 60_000,
  }),
  comment_threads: integer(5, 'Number of rising posts whose comments are read in each round.', { min: 0, max: 50 }),
  half_life_sec: integer(21_600, 'Time in which the weight of a post halves, seconds.', {
    min: 60,
    max: 604_800,
  }),
  min_items: integer(5, 'Minimum effective number of posts and comments; with fewer, sentiment is neutral.', {
    min: 1,
    max: 1_000,
  }),
  usual_tone: number(0.18, 'Mean tone of these subreddits on ordinary days, −1..1. At this tone the score is 0.', {
    min: -1,
    max: 1,
  }),
  posts_file: text('', 'File of recorded posts (JSON lines, may be .gz) to play instead of reading Reddit.'),
  posts_speed: number(60, 'Speed at which recorded posts are played, multiple of real time.', {
    min: 0.01,
    max: 1_000_000,
  }),
} as const;

/** Effect of sentiment on entries and stops. */
export const sentiment = {
  enabled: boolean(true, 'Let sentiment refuse or weaken entries against it, and tighten stops in a shock.', {
    env: 'SENTIMENT_ENABLED',
  }),
  block_score: number(0.5, 'Refuse entries against a score of at least this strength, 0..1.', { min: 0, max: 1 }),
  weaken_score: number(0.25, 'Entries against a score stronger than this lose confidence, 0..1.', { min: 0, max: 1 }),
  weaken_factor: number(0.5, 'Share of the confidence that is left at block_score.', { min: 0, max: 1 }),
  shock_momentum: number(0.5, 'A sentiment momentum of at least this much against a position is a shock.', {
    min: 0.01,
    max: 2,
  }),
  shock_stop_factor: number(
    0.7,
    'Factor on the stop distances of entries and open positions in a shock, and on the take-profit distance of entries.',
    {
      min: 0.1,
      max: 1,
    },
  ),
  max_age_sec: integer(1_800, 'Maximum age of sentiment, seconds; older sentiment is neutral.', {
    min: 1,
    max: 604_800,
  }),
} as const;

/** Azure Monitor. */
export const azure = {
  connection_string: text('', `Application Insights connection string; empty: no export. ${NOT_YET.azureExport}`, {
    env: 'AZURE_CONNECTION_STRING',
    secret: true,
  }),
} as const;

/** Limits at which monitoring-agent raises an alert. */
export const alerts = {
  heartbeat_timeout_sec: integer(5, 'Maximum time without a heartbeat of a service, seconds.', { min: 2, max: 600 }),
  stale_stream_sec: integer(30, 'Maximum time without a book of a watched symbol, seconds.', {
    min: 1,
    max: 3_600,
  }),
  loop_lag_ms: integer(500, 'Maximum event-loop delay, milliseconds.', { min: 10, max: 60_000 }),
  rss_mb: integer(400, 'Maximum memory of one service, megabytes.', { min: 50, max: 100_000 }),
  losing_streak: integer(10, 'Number of losing trades in a row that raises an alert; 0: never.', {
    min: 0,
    max: 10_000,
  }),
  daily_loss_pct: number(5, 'Loss of a UTC day that raises an alert, percent of the equity at its start; 0: never.', {
    min: 0,
    max: 100,
  }),
  drawdown_pct: number(10, 'Drawdown that raises an alert, percent of peak equity; 0: never.', {
    min: 0,
    max: 100,
  }),
  repeat_sec: integer(300, 'Time after which a lasting alert is repeated, seconds.', { min: 10, max: 86_400 }),
} as const;

/** Statistics. */
export const performance = {
  risk_free_rate_pct: number(0, 'Yearly risk-free rate, subtracted in Sharpe and Sortino, percent.', {
    min: 0,
    max: 100,
  }),
} as const;
