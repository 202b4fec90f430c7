import { resolve } from 'node:path';
import type { ApiKey } from './exchange.ts';

/** What was typed after `npm run exchange --`. */
export interface CliOptions {
  readonly help: boolean;
  readonly files: readonly string[];
  readonly port: number;
  readonly controlPort: number;
  readonly symbols: readonly string[] | undefined;
  readonly seed: number;
  readonly speed: number;
  readonly hold: boolean;
  readonly weightPerMinute: number;
  readonly traps: boolean;
  readonly past: 'none' | 'made-up';
  readonly key: ApiKey | undefined;
}

/** Shown by `--help` and after a mistyped option. */
export const EXCHANGE_USAGE = [
  'npm run exchange                            a made-up market on http://127.0.0.1:9090 and ws://127.0.0.1:9090',
  'npm run exchange -- --data FILE…            recordings, moved to the present and played again at their end',
  '  --symbols A,B,…      symbols of the made-up market',
  '  --traps              also list what must not be traded: halted, settling, delivering, equities, USDC, BTC, …',
  '  --seed N             of the made-up market; 1',
  '  --speed N            market time per real time; 1',
  '  --no-past            no made-up candles from before a recording',
  '  --hold               let everything stand still at a recording’s end',
  '  --weight N           weight per minute; 2400',
  '  --api-key K --api-secret S   what signed requests are taken from; without them no key is known',
  '  --port N             of the venue; 9090',
  '  --control-port N     of the control endpoint, open also while the venue refuses connections; 9091',
  'Helios goes there with BINANCE_REST_URL=http://127.0.0.1:9090 and BINANCE_STREAM_URL=ws://127.0.0.1:9090.',
] as const;

/** The command line cannot be understood; the message says what to type. */
export class BadCommandLine extends Error {
  constructor(problem: string) {
    super([problem, ...EXCHANGE_USAGE].join('\n'));
    this.name = 'BadCommandLine';
  }
}

/**
 * Reads the command line.
 * @param cwd folder that relative file names start from
 * @throws BadCommandLine for an unknown option or a value that is none
 */
export function parseCliOptions(args: readonly string[], cwd: string): CliOptions {
  const { values, files } = collect(args);
  const number = (name: string, usual: number, least: number, most: number): number => {
    const text = values.get(name);
    if (text === undefined) return usual;
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new BadCommandLine(`--${name} is a number from ${least} to ${most}, not “${text}”.`);
  };
  const whole = (name: string, usual: number, least: number, most: number): number => {
    const value = number(name, usual, least, most);
    if (Number.isInteger(value)) return value;
    throw new BadCommandLine(`--${name} is a whole number, not “${value}”.`);
  };
  if (values.has('data') && files.length === 0) throw new BadCommandLine('--data needs at least one file.');
  const symbols = values
    .get('symbols')
    ?.split(',')
    .map((one) => one.trim().toUpperCase())
    .filter((one) => one !== '');
  if (symbols !== undefined && files.length > 0)
    throw new BadCommandLine('--symbols belongs to the made-up market, not to --data.');
  if (symbols?.length === 0) throw new BadCommandLine('--symbols needs at least one symbol.');
  const bad = symbols?.find((one) => !/^[A-Z0-9_]{2,30}$/.test(one));
  if (bad !== undefined) throw new BadCommandLine(`--symbols: “${bad}” is no symbol such as BTCUSDT.`);
  const [apiKey, apiSecret] = [values.get('api-key'), values.get('api-secret')];
  if ((apiKey === undefined) !== (apiSecret === undefined))
    throw new BadCommandLine('--api-key and --api-secret go together.');
  return {
    help: values.has('help'),
    files: files.map((file) => resolve(cwd, file)),
    port: whole('port', 9090, 0, 65_535),
    controlPort: whole('control-port', 9091, 0, 65_535),
    symbols,
    seed: whole('seed', 1, 0, 2 ** 31),
    speed: number('speed', 1, 0.01, 1_000),
    hold: values.has('hold'),
    weightPerMinute: whole('weight', 2_400, 1, 1_000_000),
    traps: values.has('traps'),
    past: values.has('no-past') ? 'none' : 'made-up',
    key: apiKey === undefined || apiSecret === undefined ? undefined : { apiKey, apiSecret },
  };
}

const FLAGS = ['help', 'hold', 'traps', 'no-past'];
const VALUES = ['port', 'control-port', 'symbols', 'seed', 'speed', 'weight', 'api-key', 'api-secret'];

function collect(args: readonly string[]): { values: Map<string, string>; files: string[] } {
  const values = new Map<string, string>();
  const files: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const equals = arg.startsWith('--') ? arg.indexOf('=') : -1;
    const name = arg === '-h' ? 'help' : (equals < 0 ? arg : arg.slice(0, equals)).replace(/^--/, '');
    const joined = equals < 0 ? undefined : arg.slice(equals + 1);
    if (!arg.startsWith('-')) {
      if (!values.has('data')) throw new BadCommandLine(`“${arg}” stands alone; recordings follow --data.`);
      files.push(arg);
    } else if (name === 'data') {
      values.set('data', '');
      if (joined !== undefined) files.push(joined);
    } else if (FLAGS.includes(name)) values.set(name, '');
    else if (VALUES.includes(name)) {
      const value = joined ?? args[at + 1];
      if (value === undefined || (joined === undefined && value.startsWith('--')))
        throw new BadCommandLine(`--${name} needs a value.`);
      if (joined === undefined) at += 1;
      values.set(name, value);
    } else throw new BadCommandLine(`“${arg}” is no option of npm run exchange.`);
  }
  return { values, files };
}
