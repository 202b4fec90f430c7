/**
 * What a backtest plays, and with which settings and models. A search for better settings hands these to each trial.
 * @type {Readonly<Record<string, import('./command-line.mjs').OptionSpec>>}
 */
export const PLAY_OPTIONS = {
  data: {
    value: 'FILE',
    following: true,
    about: 'recordings of venue messages, candles or trades (.csv, .csv.gz), or a cache (.helios)',
  },
  detail: {
    value: 'FILE',
    following: true,
    about: 'one-minute candles: the way of the price inside candles of 5m, 15m, 1h or 4h',
  },
  warm: { value: 'FILE', following: true, about: 'candles of the days before, which warm the indicators' },
  instruments: { value: 'FILE', about: 'candles: ticks and steps, as the answer of GET /fapi/v1/exchangeInfo' },
  tick: { value: 'SYMBOL=TICK,…', about: 'candles: ticks of symbols; default those of the first day' },
  market: { value: 'usdm|spot', about: 'the recorded market; default usdm' },
  profile: { value: 'simulation|live', about: 'as simulation.profile' },
  mode: { value: 'MODE', about: 'as simulation.mode: HF_MARKET, HF_LIMIT, LF_MARKET or LF_LIMIT' },
  model: { value: 'DIR|none', about: 'folder of the model; default models, as the fleet' },
  from: { value: 'TIME', about: 'no entry before this time; earlier data warm the indicators' },
  to: { value: 'TIME', about: 'end at this time' },
  set: { value: 'NAME=VALUE', many: true, about: 'change a setting; may be given several times' },
  'latency-ms': { value: 'N', about: 'time from a decision to the venue; default 0' },
  'latency-file': { value: 'FILE', about: 'delays to draw from instead, one number of ms on each line' },
  'feed-latency-ms': { value: 'N', about: 'time until the strategy sees an event; default 0' },
  'queue-model': {
    value: 'MODEL',
    about: 'place of a resting order in its queue: risk-averse (default with books), power, power:N, log or front',
  },
  impact: { value: 'MODEL', about: 'of takers: walk (default), sqrt, sqrt:PERCENT, linear or linear:PERCENT' },
  'partial-fills': { about: 'a resting order fills in parts, trade by trade' },
  'funding-rate': { value: 'PERCENT', about: 'assumed each 8 hours where the data announce none; default 0.01' },
};

/** The commands that record, play and search data, in the order of the help. */
export const DATA_COMMAND_SPECS = {
  backtest: {
    about: 'Plays recordings through the strategy and simulated trading without Redis, and reports the result.',
    words: { name: 'check', about: 'check the backtest itself instead: look-ahead, warm-up, money', max: 1 },
    options: {
      ...PLAY_OPTIONS,
      cuts: { value: 'N', about: 'check: number of times at which the future is cut off; default 8' },
      'warm-up': {
        value: 'TIME',
        about: 'check: 30m, 6h or 1d; default three days, or a quarter of shorter data, at least 4m',
      },
      'monte-carlo': {
        value: 'N',
        about: 'check: shuffle trades and vary costs N times, vary latency N times, at most 20',
      },
      sensitivity: {
        value: 'NAME',
        many: true,
        about: 'check: vary a setting over its range; may be given several times',
      },
      modes: { value: 'all', about: 'play all four simulation modes, side by side' },
      compare: { value: 'RESULT', following: true, about: 'lay results of --json beside each other, or beside --data' },
      trials: { value: 'N', about: 'settings tried on these data so far, for the deflated Sharpe ratio; default 1' },
      json: { value: 'FILE', about: 'write result and figures as JSON' },
      csv: { value: 'FILE', about: 'write the trades with their costs as CSV' },
      html: { value: 'FILE', about: 'write the report as one HTML page' },
    },
    examples: [
      '--data a.gz b.gz',
      '--data a.gz --mode HF_LIMIT --set signals.nobi_threshold=0.5',
      '--compare a.json b.json',
      'check --data a.gz --monte-carlo 1000 --sensitivity signals.nobi_threshold',
    ],
  },
  optimise: {
    about:
      'Searches better settings on recorded data, and tests what it finds on later data that the search did not see.',
    options: {
      ...PLAY_OPTIONS,
      search: {
        value: 'NAME[=RANGE]',
        many: true,
        about: 'setting to search: its own range, or 0.3..0.9, 0.3..0.9/0.1, a,b,c; may be given several times',
      },
      method: { value: 'tpe|random|grid', about: 'how settings are chosen; default tpe' },
      trials: { value: 'N', about: 'number of settings to try; default 100' },
      objective: {
        value: 'bound|sqn|net',
        about: 'what is maximised: lower 95 % bound of the mean bp per trade, SQN, or the sum; default bound',
      },
      'min-trades': { value: 'N', about: 'settings with fewer trades in a training are not chosen; default 10' },
      folds: { value: 'N', about: 'number of tests on later data, each after its own search; default 4' },
      embargo: {
        value: 'TIME',
        about: 'time between training and test: 30m, 6h or 1d; default the longest holding time',
      },
      seed: { value: 'N', about: 'seed of the search: the same seed tries the same settings; default 1' },
      jobs: { value: 'N', about: 'number of trials at once; default the number of cores' },
      store: { value: 'DIR', about: 'folder of stored results; default .helios/trials' },
      'store-mb': { value: 'N', about: 'size of that folder; the least used results are deleted first; default 1000' },
      json: { value: 'FILE', about: 'write the search and its figures as JSON' },
      csv: { value: 'FILE', about: 'write every tried setting with its folds as CSV' },
      html: { value: 'FILE', about: 'write the report as one HTML page' },
      queue: {
        value: 'redis://…',
        optional: true,
        about: 'let workers on this Redis carry the trials out (npm run worker); default research.queue_url',
      },
    },
    examples: ['--data jan.csv feb.csv mar.csv --search signals.nobi_threshold=0.3..0.9 --search risk.stop_loss_atr'],
  },
  train: {
    about:
      'Learns from candidates and what became of them which ones to take, and says what the model is worth on later data.',
    options: {
      ...PLAY_OPTIONS,
      ledger: {
        value: 'FILE',
        following: true,
        about: 'training rows that decision-logger wrote (JSON lines, may be .gz); with or without --data',
      },
      out: { value: 'FOLDER', about: 'folder of the model; default models' },
      name: { value: 'NAME', about: 'name of the model in each decision; default from its rows' },
      every: { value: 'N', about: 'at most one candidate of a symbol in so many minutes; default 15' },
      seed: { value: 'N', about: 'the same seed and rows give the same bytes; default 1' },
      folds: { value: 'K', about: 'tests of the walk-forward; default 5' },
      trials: { value: 'N', about: 'shapes of trees that each fold tries before its test; default 6' },
      'lstm-units': { value: 'N', about: 'units of the LSTM, at most 32; 0 trains none; default 8' },
      'valid-days': { value: 'N', about: 'the model abstains so many days after the end of its data; default 365' },
      'leak-checked': {
        value: 'TEXT',
        about: 'let a model with an AUC above 0.6 speak; the text says why it is no leak',
      },
    },
    examples: ['--data jan.csv feb.csv mar.csv', '--ledger rows.jsonl --folds 3', '--data jan.csv --seed 7 --out mine'],
  },
  worker: {
    about: 'Carries trials out for npm run optimise -- --queue on other machines, until Ctrl-C.',
    options: {
      queue: { value: 'redis://…', optional: true, about: 'Redis of the searches; default research.queue_url' },
      data: {
        value: 'FOLDER',
        following: true,
        about: 'folders with the data files of the searches; default this one',
      },
      jobs: { value: 'N', about: 'trials at once; default the number of cores' },
      'lock-ms': {
        value: 'N',
        about: 'a trial goes to another worker if this one is silent for so long; default 30000',
      },
    },
    examples: ['--queue redis://:password@10.0.0.5:6380 --data /data/klines --jobs 8', '--queue'],
  },
  record: {
    about: 'Records the market of the venue without a fleet, until Ctrl-C. Needs no key and no Redis.',
    options: {
      symbols: { value: 'A,B,…', about: 'symbols to record; default trading.symbols, or the default watchlist' },
      minutes: { value: 'N', about: 'end after N minutes' },
      out: { value: 'DIR', about: 'folder; default as for the fleet: recording.folder' },
      network: { value: 'mainnet|testnet', about: 'venue; default mainnet' },
    },
    examples: ['--symbols BTCUSDT,ETHUSDT --minutes 60 --out recordings', ''],
  },
  data: {
    about:
      'check: order, gaps, duplicates, crossed books and times of recordings; exit code 1 if a file has faults. import: makes one cache of market data, which plays faster.',
    options: {
      market: { value: 'usdm|spot', about: 'the recorded market; default usdm' },
      out: { value: 'FILE|FOLDER', about: 'import: the cache to write (.helios), or a folder for it' },
    },
    words: { name: 'check|import FILE', about: 'the action, then the files' },
    examples: ['check day1.gz day2.gz', 'check --market spot spot.gz', 'import day1.gz day2.gz --out days.helios'],
  },
  parity: {
    about:
      'Runs one market live on a local exchange and on paper under the live profile, and explains every difference. Exit code 1 if one is unexplained.',
    options: {
      data: { value: 'FILE', following: true, about: 'recordings; by default a generated market' },
      generate: { value: 'MINUTES', about: 'length of the generated market, with a funding in its middle; default 60' },
      seed: { value: 'N', about: 'seed of the generated market; default 1' },
      'own-settings': { about: 'with the strategy of config/config.ini; by default it trades every few seconds' },
      model: { value: 'DIR|none', about: 'folder of the model that judges both; default none' },
    },
    examples: ['', '--generate 10 --seed 3', '--data recording.gz'],
  },
};
