import { resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import type { AccountStart } from './accounts/account-store.ts';
import { secretKey } from './accounts/secret-key.ts';
import { ROUTES, type Route } from './streams/stream-name.ts';

/** The options after `npm run exchange --`. */
export interface CliOptions {
  readonly files: readonly string[];
  readonly port: number;
  readonly controlPort: number;
  readonly symbols: readonly string[] | undefined;
  readonly seed: number;
  readonly speed: number;
  readonly timeSpeed: number;
  readonly hold: boolean;
  readonly weightPerMinute: number;
  readonly traps: boolean;
  readonly past: 'none' | 'made-up';
  readonly accounts: readonly AccountStart[];
  readonly state: string | undefined;
  /** Routes that deliver `@trade`; undefined if the option is absent. */
  readonly tradeRoutes: readonly Route[] | undefined;
}

const MAX_PORT = 65_535;

/** The port beside `port`; 0 (any free port) stays 0. */
function portBeside(port: number): number {
  if (port === 0) return 0;
  return port < MAX_PORT ? port + 1 : port - 1;
}

/**
 * The options of the local venue on a command line.
 * @param cwd base folder of relative file names
 * @throws CommandLineError for a value out of bounds, or for options that do not fit together
 */
export function readCliOptions(line: CommandLine, cwd: string): CliOptions {
  const files = line.texts('data').map((file) => resolve(cwd, file));
  const port = line.number('port', { fallback: 9090, min: 0, max: MAX_PORT, whole: true });
  const controlPort = line.number('control-port', { fallback: portBeside(port), min: 0, max: MAX_PORT, whole: true });
  if (port === controlPort && port !== 0)
    throw line.problem(`--port and --control-port are both ${port}; give two ports.`);
  return {
    files,
    port,
    controlPort,
    symbols: readSymbols(line, files),
    seed: line.number('seed', { fallback: 1, min: 0, max: 2 ** 31, whole: true }),
    speed: line.number('speed', { fallback: 1, min: 0.01, max: 1_000 }),
    timeSpeed: line.number('time-speed', { fallback: 1, min: 1, max: 1_000 }),
    hold: line.has('hold'),
    weightPerMinute: line.number('weight', { fallback: 2_400, min: 1, max: 1_000_000, whole: true }),
    traps: line.has('traps'),
    past: line.has('no-past') ? 'none' : 'made-up',
    accounts: readAccounts(line),
    state: readState(line, cwd),
    tradeRoutes: readTradeRoutes(line),
  };
}

function readSymbols(line: CommandLine, files: readonly string[]): string[] | undefined {
  const text = line.text('symbols');
  if (text === undefined) return undefined;
  if (files.length > 0) throw line.problem('--symbols works with the made-up market only, not with --data.');
  const words = text.split(',').map((one) => one.trim().toUpperCase());
  const symbols = words.filter((one) => one !== '');
  if (symbols.length === 0) throw line.problem('--symbols needs at least one symbol.');
  const bad = symbols.find((one) => !/^[A-Z0-9_]{2,30}$/.test(one));
  if (bad !== undefined) throw line.problem(`--symbols: “${bad}” is not a symbol such as BTCUSDT.`);
  return symbols;
}

/** The account of --api-key, and those of --account NAME:KEY:SECRET[:BALANCE]. */
function readAccounts(line: CommandLine): readonly AccountStart[] {
  const [apiKey, apiSecret, balance] = [line.text('api-key'), line.text('api-secret'), line.text('balance')];
  const named = line.texts('account').map((text) => readAccount(line, text));
  const has = apiKey !== undefined && apiSecret !== undefined;
  if (!has && (apiKey ?? apiSecret) !== undefined)
    throw line.problem('--api-key and --api-secret need each other. Give both or none.');
  if (!has && balance !== undefined)
    throw line.problem('--balance needs an account: give --api-key and --api-secret too.');
  const main = has ? [accountOf(line, 'main', apiKey, apiSecret, balance)] : [];
  const accounts = [...main, ...named];
  const twice = (words: readonly string[]): string | undefined => words.find((one, at) => words.indexOf(one) !== at);
  const name = twice(accounts.map(({ id }) => id));
  if (name !== undefined) throw line.problem(`two accounts have the name “${name}”.`);
  if (twice(accounts.flatMap(({ keys }) => keys.map((key) => key.apiKey))) !== undefined)
    throw line.problem('two accounts have the same API key.');
  return accounts;
}

function readAccount(line: CommandLine, text: string): AccountStart {
  const [name = '', apiKey = '', apiSecret = '', balance, ...rest] = text.split(':');
  const isComplete = /^[\w-]{1,40}$/.test(name) && apiKey !== '' && apiSecret !== '' && rest.length === 0;
  // The text holds a secret, so the message does not repeat it.
  if (!isComplete) throw line.problem('--account needs NAME:KEY:SECRET or NAME:KEY:SECRET:BALANCE.');
  return accountOf(line, name, apiKey, apiSecret, balance);
}

function accountOf(line: CommandLine, id: string, apiKey: string, apiSecret: string, balance = '10000'): AccountStart {
  if (!/^[A-Za-z0-9]{1,64}$/.test(apiKey)) throw line.problem('an API key has 1 to 64 letters and digits.');
  if (secretKey(apiSecret) === undefined)
    throw line.problem('an API secret begins like a public key, but cannot be read as one. Give its whole PEM text.');
  return { id, keys: [{ apiKey, apiSecret }], balance: readBalance(line, balance) };
}

function readBalance(line: CommandLine, text: string): string {
  if (/^\d{1,12}(?:\.\d{1,8})?$/.test(text)) return text;
  throw line.problem(`“${text}” is not a balance in USDT such as 10000 or 250.50.`);
}

function readState(line: CommandLine, cwd: string): string | undefined {
  const text = line.text('state');
  return text === undefined ? undefined : resolve(cwd, text);
}

function readTradeRoutes(line: CommandLine): readonly Route[] | undefined {
  const text = line.text('trade-stream');
  if (text === undefined || text === 'none') return text === undefined ? undefined : [];
  return text.split(',').map((name) => {
    const route = ROUTES.find((one) => one === name.trim() && one !== 'private');
    if (route !== undefined) return route;
    throw line.problem(`--trade-stream takes public, market, legacy or none, not “${name}”.`);
  });
}
