/**
 * Every command that an operator types, once: its help and its options come from here, for the launcher and for the program behind it.
 * @type {Readonly<Record<CommandName, import('./command-line.mjs').CommandSpec>>}
 *
 * @typedef {'start' | 'stop' | 'status' | 'logs' | 'history' | 'account' | 'config' | 'redis' | 'exchange' | 'facts' | 'bench' | 'test' | 'check' | 'docs'} CommandName
 */
export const COMMAND_SPECS = {
  start: {
    about: 'Starts the fleet; Ctrl-C stops it.',
    options: {
      detach: { about: 'start it in the background (npm run status shows it, npm stop stops it)' },
      replay: {
        value: 'FILE',
        following: true,
        about: 'play recordings of venue messages instead of a made-up market',
      },
      speed: { value: 'N|max', about: 'with --replay: N times real time, or as fast as every frame is handled; 1' },
      exit: { about: 'with --replay: stop the fleet at the end of the recording' },
      market: { value: 'usdm|spot', about: 'with --replay: what was recorded; usdm' },
      posts: { value: 'FILE', about: 'play recorded Reddit posts (JSON lines, may be .gz) for the sentiment' },
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
    about: 'Shows the log of all services, also of earlier starts, oldest line first.',
    options: {
      follow: { short: 'f', about: 'go on with new lines until Ctrl-C' },
      service: { value: 'NAME', many: true, about: 'only lines of this service; may be given several times' },
      level: { value: 'LEVEL', about: 'only lines of this level and above: debug, info, warn, error, fatal' },
      since: { value: 'TIME', about: 'only lines from then on: 30s, 10m, 2h, 1d ago, or an ISO time' },
      lines: { value: 'N', about: 'the newest N lines; 100, or all with --since' },
      raw: { about: 'JSON lines as they are in the file' },
    },
    examples: ['--follow --level warn', '--service signal-engine --since 10m'],
  },
  history: {
    about: 'Shows decisions and refusals from the ledger, oldest first, also while the fleet runs.',
    options: {
      symbol: { value: 'SYMBOL', about: 'only of this symbol' },
      from: { value: 'TIME', about: 'only from then on: 30s, 10m, 2h, 1d ago, or an ISO time' },
      to: { value: 'TIME', about: 'only up to then' },
      gate: { value: 'GATE', about: 'only triggers that this gate refused, e.g. VOLUME' },
      limit: { value: 'N', about: 'the newest N; 100, or all with --from or --csv' },
      csv: { about: 'as CSV, with all figures' },
      run: {
        value: 'RUN',
        about: 'of this account (npm run account -- list); of the fleet that runs, or of the only one',
      },
    },
    examples: ['--symbol BTCUSDT --from 2h', '--gate VOLUME --from 1d --csv'],
  },
  account: {
    about:
      'Tells the paper accounts of this folder, ends one, or accepts a ledger that is not the one known: list, show [RUN], reset [RUN], accept [RUN].',
    options: {
      replays: { about: 'with list: also the sessions of replays' },
      yes: { about: 'with reset and accept: do not ask' },
      force: { about: 'with reset: although positions or orders are open; they are then closed by nobody' },
    },
    words: { name: 'list|show|reset|accept', about: 'list, or show, reset or accept with the run; list', max: 2 },
    examples: ['list', 'show public:mainnet', 'reset public:mainnet', 'accept public:mainnet'],
  },
  config: {
    about: 'Prints every setting in force and where it comes from, secrets masked; or every fault in the settings.',
    options: {},
    examples: [''],
  },
  redis: {
    about: 'redis-cli on the fleet’s Redis, also while no fleet runs.',
    options: {},
    program: 'redis-cli',
    examples: ['LRANGE decision_logs 0 9', 'HGETALL simulated_pnl_summary'],
  },
  exchange: {
    about: 'Runs a local Binance USDⓈ-M on http://127.0.0.1:9090 and ws://127.0.0.1:9090 until Ctrl-C.',
    options: {
      data: { value: 'FILE', following: true, about: 'serve recordings, moved to the present and repeated' },
      symbols: { value: 'A,B,…', about: 'symbols of the made-up market' },
      traps: { about: 'also list what must not be traded: halted, settling, delivering, equities, USDC, BTC, …' },
      seed: { value: 'N', about: 'seed of the made-up market; 1' },
      speed: { value: 'N', about: 'market time per real time; 1' },
      'no-past': { about: 'no made-up klines from before a recording' },
      'trade-stream': {
        value: 'R,…',
        about: 'routes that deliver @trade: public, market, legacy, or none; public,legacy',
      },
      hold: { about: 'everything stands still at the end of a recording' },
      weight: { value: 'N', about: 'weight per minute; 2400' },
      'api-key': { value: 'K', about: 'key that signed requests must carry; without it no key is known' },
      'api-secret': { value: 'S', about: 'secret of that key' },
      port: { value: 'N', about: 'port of the venue; 9090' },
      'control-port': {
        value: 'N',
        about: 'port of the control endpoint, open while the venue refuses; the one after --port',
      },
    },
    examples: ['--port 9090', '--data recording.gz --hold'],
  },
  facts: {
    about: 'Prints how the made-up market, or a recorded session, behaves.',
    options: {
      seed: { value: 'N', about: 'seed of the made-up market; 1' },
      minutes: { value: 'N', about: 'minutes of the made-up market; 60' },
      symbols: { value: 'A,B,…', about: 'its symbols; BTCUSDT,ETHUSDT' },
      pace: { value: 'N', about: 'its depth updates per second; 10' },
      market: { value: 'usdm|spot', about: 'with FILE: what was recorded; usdm' },
    },
    words: { name: 'FILE', about: 'recordings, read as npm start -- --replay reads them' },
    examples: ['--seed 7 --minutes 10', 'recording.gz', '--market spot recording.gz'],
  },
  bench: {
    about: 'Measures latencies, throughput and memory of this machine.',
    options: {},
    words: {
      name: 'PART',
      about:
        'core, chain, replay, sentiment, public, fleet-5, fleet-100, soak (90 minutes); without one all but soak are run',
    },
    examples: ['core chain'],
  },
  test: {
    about: 'Runs all tests, or those in the files named (by vitest).',
    options: {
      testNamePattern: { value: 'TEXT', short: 't', about: 'only tests whose names match' },
      project: { value: 'NAME', many: true, about: 'only the tests of a project: parts or fleet' },
      bail: { value: 'N', about: 'stop after so many failures' },
      maxWorkers: { value: 'N', about: 'test files that run side by side' },
      testTimeout: { value: 'MS', about: 'how long a test may take' },
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
    about: 'Format, lint, types, boundaries, generated documents in sync, tests.',
    options: { 'no-tests': { about: 'leave out the tests, except that of exported names' } },
    examples: ['--no-tests'],
  },
  docs: {
    about: 'Writes the generated documents and settings templates.',
    options: { check: { about: 'write nothing; exit code 1 if one of them differs' } },
    words: { name: 'FOLDER', max: 1, about: 'folder of the project; this one' },
    examples: [''],
  },
};
