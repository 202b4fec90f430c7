import { boolean, choice, integer, NOT_YET, number, text, wordList } from './setting.ts';

/** Searches over several machines. */
export const research = {
  queue_url: text(
    '',
    'Redis of npm run optimise -- --queue and npm run worker, as redis://:password@host:port. Never that of a fleet.',
    { secret: true },
  ),
};

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
  synthetic_edge_bp: number(
    0,
    'Synthetic market: planted edge. After an imbalance that lasts for a minute in a fall, the price moves its way by so much in 30 minutes, basis points; 0: none.',
    { min: 0, max: 500 },
  ),
  synthetic_edge_hours: number(0, 'Synthetic market: hours after its start at which the planted edge ends; 0: never.', {
    min: 0,
    max: 10_000,
  }),
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
  limit_use_pct: integer(80, 'Live: use of a venue limit (weight, orders) that raises an alert, percent; 0: never.', {
    min: 0,
    max: 100,
  }),
  order_latency_ms: integer(
    2_000,
    'Live: 99th percentile from sending an order to the first word of the venue that raises an alert, milliseconds; 0: never.',
    { min: 0, max: 60_000 },
  ),
  rejects_per_min: integer(5, 'Live: refusals of the venue in a minute that raise an alert; 0: never.', {
    min: 0,
    max: 10_000,
  }),
  clock_offset_ms: integer(
    500,
    'Live: difference to the clock of the venue that raises an alert, milliseconds; 0: never.',
    {
      min: 0,
      max: 60_000,
    },
  ),
  repeat_sec: integer(300, 'Time after which a lasting alert is repeated, seconds.', { min: 10, max: 86_400 }),
} as const;
