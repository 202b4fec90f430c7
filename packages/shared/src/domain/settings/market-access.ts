import { autoNumber, boolean, integer, number, text, wordList } from './setting.ts';

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
    'Address of the venue’s market streams, without a path; empty: the network’s own. Public mode only records them.',
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

/** The recorder of market data. */
export const recording = {
  enabled: boolean(true, 'Record the market streams of the venue in live and public mode, for replays and backtests.'),
  folder: text('', 'Folder of the recordings, relative to the project; empty: `recordings` in system.data_dir.'),
  max_gb: number(20, 'Maximum size of the recordings of a network, gigabytes; the oldest are deleted first.', {
    min: 0.1,
    max: 100_000,
  }),
  max_days: number(30, 'Maximum age of a recording, days; older ones are deleted.', { min: 0.1, max: 10_000 }),
  min_free_gb: number(
    2,
    'Free disk space that recordings leave, gigabytes. With less, the oldest are deleted; then the recording pauses.',
    { min: 0, max: 100_000 },
  ),
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
  usual_tone: autoNumber(
    'auto',
    'Tone at which the score is 0, −1..1. auto: the mean of each coin’s own tones of the last two weeks; before 72 hours with enough posts nothing is judged by it.',
    { min: -1, max: 1 },
  ),
  posts_file: text('', 'File of recorded posts (JSON lines, may be .gz) to play instead of reading Reddit.'),
  posts_speed: number(60, 'Speed at which recorded posts are played, multiple of real time.', {
    min: 0.01,
    max: 1_000_000,
  }),
} as const;
