import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { runCommand, typedFolder } from '@helios/shared/runtime/cli/run-command.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { type CliOptions, readCliOptions } from './cli-options.ts';
import type { ExchangeStart } from './exchange-start.ts';
import { TRAP_CONTRACTS } from './listing/trap-contracts.ts';
import { type RunningExchange, startExchange } from './start-exchange.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBUSDT', 'XRPUSDT', 'DOGEUSDT', 'ADAUSDT', 'AVAXUSDT', 'LINKUSDT'];

/** `npm run exchange`: the local venue in the foreground until Ctrl-C. Resolves with the exit code. */
async function main(line: CommandLine): Promise<number> {
  const options = readCliOptions(line, typedFolder());
  const exchange = await startExchange(startOf(options)).catch((error: unknown) => {
    throw explained(error);
  });
  announce(exchange, options);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  const { requests, max_minute_weight, streams } = exchange.requests();
  await exchange.stop();
  console.log(`\nStopped after ${requests} requests; maximum weight in a minute: ${max_minute_weight}.`);
  if (streams !== undefined && streams.connections > 0)
    console.log(`Sent ${streams.events_sent} events over ${streams.connections} stream connections.`);
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
    timeSpeed: options.timeSpeed,
    atEnd: options.hold ? 'hold' : 'repeat',
    limits: { weightPerMinute: options.weightPerMinute },
    ...(options.tradeRoutes === undefined ? {} : { tradeRoutes: options.tradeRoutes }),
    accounts: options.accounts,
    ...(options.state === undefined ? {} : { state: options.state }),
    ...(options.traps ? { moreContracts: TRAP_CONTRACTS } : {}),
  };
}

function announce(exchange: RunningExchange, options: CliOptions): void {
  const what = options.files.length > 0 ? options.files.join(', ') : `a made-up market, seed ${options.seed}`;
  console.log(`A local Binance USDⓈ-M serves ${what}.`);
  if (options.files.length > 0 && options.past === 'made-up')
    console.log('Klines before its beginning are made up (--no-past leaves them out).');
  for (const { id, balance } of options.accounts) console.log(`  account  ${id}, ${balance} USDT at its start`);
  for (const text of stateTexts(exchange)) console.log(text);
  console.log(`  REST     ${exchange.url}/fapi/v1/exchangeInfo`);
  console.log(`  streams  ${exchange.streamUrl}/public/stream?streams=btcusdt@depth@100ms`);
  console.log(`  Helios   BINANCE_REST_URL=${exchange.url} BINANCE_STREAM_URL=${exchange.streamUrl} npm start`);
  console.log(`  faults   curl -d '{"fault":"status","status":429,"times":3}' ${exchange.controlUrl}/control/faults`);
  console.log(`  heal     curl -X DELETE ${exchange.controlUrl}/control/faults`);
  console.log(`  time     curl -d '{"advance_ms":3600000}' ${exchange.controlUrl}/control/clock`);
  console.log(`  truth    curl ${exchange.controlUrl}/control/ledger`);
  console.log(`  page     ${exchange.controlUrl}/`);
  console.log(`  counts   curl ${exchange.controlUrl}/control/requests`);
  console.log('Ctrl-C stops the venue.');
}

function stateTexts({ state }: RunningExchange): readonly string[] {
  if (state === undefined) return [];
  const { content, path } = state;
  if (content.lastMs === undefined) return [`The accounts are kept in ${path}, a new file.`];
  const since = new Date(content.lastMs).toISOString();
  const torn = `The last line of ${path} was cut off (${content.tornBytes} bytes). It was dropped: nobody was told of it.`;
  return [`The accounts go on from ${path} (${since}).`, ...(content.tornBytes > 0 ? [torn] : [])];
}

/** Faults that the user can correct get a message with the way out; other errors stay as they are. */
function explained(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === 'NotARecording')
    return new HopelessStart(`${error.message}\nNothing was started. Check the path after --data.`);
  const { code, port } = error as NodeJS.ErrnoException & { readonly port?: number };
  if (code === 'EADDRINUSE')
    return new HopelessStart(
      `Another program uses port ${port}, so nothing was started. Choose other ports with --port and --control-port.`,
    );
  if (code === 'ENOENT')
    return new HopelessStart(`${error.message}\nNothing was started. Check the path after --data.`);
  return error;
}

await runCommand('exchange', main);
