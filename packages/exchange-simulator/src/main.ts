import { BadCommandLine, type CliOptions, EXCHANGE_USAGE, parseCliOptions } from './cli-options.ts';
import { TRAP_CONTRACTS } from './listing/trap-contracts.ts';
import { type ExchangeStart, type RunningExchange, startExchange } from './start-exchange.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBUSDT', 'XRPUSDT', 'DOGEUSDT', 'ADAUSDT', 'AVAXUSDT', 'LINKUSDT'];

/** `npm run exchange`: the local venue in the foreground until Ctrl-C. Resolves with the exit code. */
async function main(): Promise<number> {
  const options = parseCliOptions(process.argv.slice(2), process.cwd());
  if (options.help) {
    console.log(EXCHANGE_USAGE.join('\n'));
    return 0;
  }
  const exchange = await startExchange(startOf(options));
  announce(exchange, options);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  const { requests, max_minute_weight, streams } = exchange.requests();
  await exchange.stop();
  console.log(`\nStopped after ${requests} requests; the heaviest minute weighed ${max_minute_weight}.`);
  if (streams !== undefined && streams.connections > 0)
    console.log(`Over ${streams.connections} stream connections went ${streams.events_sent} events.`);
  return 0;
}

function startOf(options: CliOptions): ExchangeStart {
  const symbols = options.symbols ?? SYMBOLS;
  const market =
    options.files.length > 0
      ? ({ kind: 'recordings', files: options.files } as const)
      : ({ kind: 'generator', seed: options.seed, symbols } as const);
  return {
    market,
    past: options.past,
    port: options.port,
    controlPort: options.controlPort,
    speed: options.speed,
    atEnd: options.hold ? 'hold' : 'repeat',
    limits: { weightPerMinute: options.weightPerMinute },
    ...(options.key === undefined ? {} : { key: options.key }),
    ...(options.traps ? { moreContracts: TRAP_CONTRACTS } : {}),
  };
}

function announce(exchange: RunningExchange, options: CliOptions): void {
  const what = options.files.length > 0 ? options.files.join(', ') : `a made-up market, seed ${options.seed}`;
  console.log(`A local Binance USDⓈ-M is serving ${what}.`);
  if (options.files.length > 0 && options.past === 'made-up')
    console.log('Candles from before it are made up (--no-past leaves them out).');
  console.log(`  REST     ${exchange.url}/fapi/v1/exchangeInfo`);
  console.log(`  streams  ${exchange.streamUrl}/public/stream?streams=btcusdt@depth@100ms`);
  console.log(`  Helios   BINANCE_REST_URL=${exchange.url} BINANCE_STREAM_URL=${exchange.streamUrl} npm start`);
  console.log(`  faults   curl -d '{"fault":"status","status":429,"times":3}' ${exchange.controlUrl}/control/faults`);
  console.log(`  heal     curl -X DELETE ${exchange.controlUrl}/control/faults`);
  console.log(`  counts   curl ${exchange.controlUrl}/control/requests`);
  console.log('Ctrl-C stops it.');
}

/** Faults of the user's, told without a stack. */
function told(error: unknown): string | undefined {
  if (error instanceof BadCommandLine) return error.message;
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'NotARecording')
    // The reader names the option of npm start.
    return `${error.message.replace('--replay', '--data')}\nNothing was started.`;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return 'The port is taken, so nothing was started. Choose others with --port and --control-port.';
  if (code === 'ENOENT') return `${error.message}\nNothing was started. Check the path after --data.`;
  return undefined;
}

try {
  process.exitCode = await main();
} catch (error) {
  const text = told(error);
  if (text === undefined) throw error;
  console.error(text);
  process.exitCode = 1;
}
