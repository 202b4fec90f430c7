import { DATA_COMMAND_SPECS } from './data-command-specs.mjs';

/**
 * Every command of the operator, with its help and options. Both the launcher and the program behind it read them here.
 * @type {Readonly<Record<CommandName, import('./command-line.mjs').CommandSpec>>}
 *
 * @typedef {'start' | 'stop' | 'status' | 'logs' | 'history' | 'account' | 'doctor' | 'panic' | 'rehearse' | 'chaos' | 'backtest' | 'optimise' | 'train' | 'worker' | 'record' | 'data' | 'parity' | 'config' | 'redis' | 'exchange' | 'facts' | 'bench' | 'test' | 'check' | 'docs'} CommandName
 */
export const COMMAND_SPECS = {
  start: {
    about: 'Starts the fleet; Ctrl-C stops it.',
    options: {
      detach: { about: 'start it in the background (npm run status shows it, npm stop stops it)' },
      replay: {
        value: 'FILE',
        following: true,
        about: 'play recordings of venue messages instead of a generated market',
      },
      speed: { value: 'N|max', about: 'with --replay: N times real time, or max for full speed; default 1' },
      exit: { about: 'with --replay: stop the fleet at the end of the recording' },
      market: { value: 'usdm|spot', about: 'with --replay: the recorded market; default usdm' },
      posts: { value: 'FILE', about: 'play recorded Reddit posts (JSON lines, may be .gz) for sentiment' },
    },
    examples: ['--detach', '--replay a.gz b.gz --speed max --exit'],
  },
  stop: { about: 'Stops the fleet and waits until it has ended.', options: {}, examples: [''] },
  status: {
    about: 'Shows the mode, the trading state and every service. Exit code 0 if all of them run, else 1.',
    options: {},
    examples: [''],
  },
  logs: {
    about: 'Shows the log of all services, including earlier starts, oldest line first.',
    options: {
      follow: { short: 'f', about: 'also show new lines until Ctrl-C' },
      service: { value: 'NAME', many: true, about: 'only lines of this service; may be given several times' },
      level: { value: 'LEVEL', about: 'only lines of this level and above: debug, info, warn, error, fatal' },
      since: { value: 'TIME', about: 'only lines since 30s, 10m, 2h or 1d ago, or since an ISO time' },
      lines: { value: 'N', about: 'the newest N lines; default 100, or all with --since' },
      raw: { about: 'unformatted JSON lines' },
    },
    examples: ['--follow --level warn', '--service signal-engine --since 10m'],
  },
  history: {
    about: 'Shows decisions and refusals from the ledger, oldest first. Works with and without a running fleet.',
    options: {
      symbol: { value: 'SYMBOL', about: 'only this symbol' },
      from: { value: 'TIME', about: 'only since 30s, 10m, 2h or 1d ago, or since an ISO time' },
      to: { value: 'TIME', about: 'only until this time' },
      gate: { value: 'GATE', about: 'only triggers that this gate refused, e.g. VOLUME' },
      limit: { value: 'N', about: 'the newest N; default 100, or all with --from or --csv' },
      csv: { about: 'as CSV, with all figures' },
      run: {
        value: 'RUN',
        about: 'account to show (npm run account -- list); default the running fleet’s, or the only one',
      },
    },
    examples: ['--symbol BTCUSDT --from 2h', '--gate VOLUME --from 1d --csv'],
  },
  account: {
    about:
      'Lists or shows the paper accounts of this folder, resets one, or accepts an unknown ledger: list, show [RUN], reset [RUN], accept [RUN].',
    options: {
      replays: { about: 'with list: also the sessions of replays' },
      yes: { about: 'with reset and accept: do not ask for confirmation' },
      force: { about: 'with reset: even if positions or orders are open; nothing closes them' },
    },
    words: { name: 'list|show|reset|accept', about: 'the action, then the run; default list', max: 2 },
    examples: ['list', 'show public:mainnet', 'reset public:mainnet', 'accept public:mainnet'],
  },
  doctor: {
    about:
      'Checks everything that live trading needs: account, key, venue, stops, Redis, disk, clock. Exit code 1 on a fault.',
    options: {},
    examples: [''],
  },
  panic: {
    about:
      'Closes everything on the account: cancels all orders, closes all positions, proves that nothing is open. Needs only the API key.',
    options: { yes: { about: 'do not ask for confirmation' } },
    examples: ['', '--yes'],
  },
  rehearse: {
    about: 'Runs a live fleet on a local exchange with faults, without keys, and shows what they would have cost.',
    options: {
      minutes: { value: 'N', about: 'how long the fleet trades; default 5' },
      seed: { value: 'N', about: 'seed of the generated market, and which fault is the first; default 1' },
      data: { value: 'FILE', following: true, about: 'serve recordings instead of a generated market' },
      calm: { about: 'without faults' },
      'own-settings': { about: 'with the strategy of config/config.ini; by default it trades every few seconds' },
    },
    examples: ['', '--minutes 10 --seed 3', '--calm --own-settings --data recording.gz'],
  },
  chaos: {
    about: 'Tests a live fleet on a local exchange: the venue fails, processes die or stand still, by a seeded plan.',
    options: {
      minutes: { value: 'N', about: 'how long the fleet trades; default 10' },
      seed: { value: 'N', about: 'seed of plan and market: the same seed makes the same plan; default 1' },
      seeds: { value: 'LIST', about: 'several seeds, such as 1-5 or 1,4,9, and one table of results' },
      jobs: { value: 'N', about: 'with --seeds: how many at once; default 1' },
    },
    examples: ['', '--seed 7 --minutes 3', '--seeds 1-5 --jobs 2'],
  },
  ...DATA_COMMAND_SPECS,
  config: {
    about: 'Prints every setting and its source, secrets masked; or every fault in the settings.',
    options: {},
    examples: [''],
  },
  redis: {
    about: 'Runs redis-cli on the fleet’s Redis, even if no fleet runs.',
    options: {},
    program: 'redis-cli',
    examples: ['LRANGE decision_logs 0 9', 'HGETALL simulated_pnl_summary'],
  },
  exchange: {
    about: 'Runs a local Binance USDⓈ-M on http://127.0.0.1:9090 and ws://127.0.0.1:9090 until Ctrl-C.',
    options: {
      data: { value: 'FILE', following: true, about: 'serve recordings, moved to the present and repeated' },
      symbols: { value: 'A,B,…', about: 'symbols of the generated market' },
      traps: {
        about: 'also list symbols that must not be traded: halted, settling, delivering, equities, USDC, BTC, …',
      },
      seed: { value: 'N', about: 'seed of the generated market; default 1' },
      speed: { value: 'N', about: 'market time per time of the venue’s clock; default 1' },
      'time-speed': { value: 'N', about: 'the venue’s clock runs N times as fast as the machine’s; default 1' },
      'no-past': { about: 'generate no klines from before a recording' },
      'trade-stream': {
        value: 'R,…',
        about: 'routes that deliver @trade: public, market, legacy, or none; default public,legacy',
      },
      hold: { about: 'stop the market at the end of a recording' },
      weight: { value: 'N', about: 'request-weight limit per minute; default 2400' },
      'api-key': { value: 'K', about: 'key that signed requests must use; without it the venue refuses every key' },
      'api-secret': { value: 'S', about: 'secret of that key' },
      balance: { value: 'N', about: 'USDT of that account at its start; default 10000' },
      account: {
        value: 'NAME:KEY:SECRET[:BALANCE]',
        following: true,
        about: 'more accounts with their keys; the balance is in USDT, default 10000',
      },
      state: { value: 'FILE', about: 'keep the accounts in this file, also through kill -9; created if missing' },
      port: { value: 'N', about: 'port of the venue; default 9090' },
      'control-port': {
        value: 'N',
        about: 'port of the control endpoint, open even while the venue refuses; default --port + 1',
      },
    },
    examples: [
      '--port 9090',
      '--data recording.gz --hold',
      '--api-key K --api-secret S --balance 10000 --state account.jsonl',
      '--account one:K1:S1:5000 two:K2:S2',
    ],
  },
  facts: {
    about: 'Prints statistics of the generated market, of a recording or of one-minute candles.',
    options: {
      seed: { value: 'N', about: 'seed of the generated market; default 1' },
      minutes: { value: 'N', about: 'minutes of the generated market; default 60' },
      symbols: { value: 'A,B,…', about: 'its symbols; default BTCUSDT,ETHUSDT' },
      pace: { value: 'N', about: 'its depth updates per second, 1 to 50; default 10' },
      edge: { value: 'BP', about: 'its planted edge, as system.synthetic_edge_bp; default 0' },
      market: { value: 'usdm|spot', about: 'with FILE: the recorded market; default usdm' },
    },
    words: {
      name: 'FILE',
      about: 'recordings, in the form that npm start -- --replay reads, or candles (.csv, .csv.gz)',
    },
    examples: ['--seed 7 --minutes 10', 'recording.gz', 'BTCUSDT-1m-2024-03.csv.gz', '--market spot recording.gz'],
  },
  bench: {
    about: 'Measures latencies, throughput and memory of this machine.',
    options: {},
    words: {
      name: 'PART',
      about:
        'core, feed, backtest, cache, candles, chain, generator, replay, sentiment, public, exchange, model, train, live, live-chain, fleet-5, fleet-100, optimise, optimise-1000 (10 minutes), soak (90 minutes); default all except the last two',
    },
    examples: ['core chain'],
  },
  test: {
    about: 'Runs all tests, or those of the named files (with vitest).',
    options: {
      testNamePattern: { value: 'TEXT', short: 't', about: 'only tests whose names match' },
      project: { value: 'NAME', many: true, about: 'only the tests of a project: parts or fleet' },
      bail: { value: 'N', about: 'stop after so many failures' },
      maxWorkers: { value: 'N', about: 'number of test files that run in parallel' },
      testTimeout: { value: 'MS', about: 'maximum time of a test' },
      update: { short: 'u', about: 'write the snapshots again' },
      reporter: { value: 'NAME', many: true, about: 'how results are shown: default, verbose, dot, json, …' },
      outputFile: { value: 'FILE', about: 'where the reporter writes' },
      'outputFile.json': { value: 'FILE', about: 'where the json reporter writes' },
      version: { short: 'v', about: 'show the version of vitest' },
    },
    words: { name: 'FILE', about: 'a test file or folder, or part of its path' },
    examples: ['tests/readme.test.ts', '-t "the lock"'],
  },
  check: {
    about: 'Checks format, lint, types, boundaries and generated documents, and runs the tests.',
    options: { 'no-tests': { about: 'skip the tests, except the one of exported names' } },
    examples: ['--no-tests'],
  },
  docs: {
    about: 'Writes the generated documents and settings templates.',
    options: { check: { about: 'write nothing; exit code 1 if one of them differs' } },
    words: { name: 'FOLDER', max: 1, about: 'folder of the project; default this one' },
    examples: [''],
  },
};
