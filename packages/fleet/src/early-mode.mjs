import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nearestName } from '../../shared/src/runtime/cli/nearest-name.mjs';
import { parseBoolean } from '../../shared/src/runtime/config/parse-boolean.mjs';
import { parseDotenv } from '../../shared/src/runtime/config/parse-dotenv.mjs';
import { parseIni } from '../../shared/src/runtime/config/parse-ini.mjs';
import { resolveMode } from './resolve-mode.mjs';

const SWITCHES = ['ALLOW_PUBLIC_MODE', 'ALLOW_SYNTHETIC', 'LIVE_TRADING_CONFIRM'];

/**
 * Resolves the mode before anything is fetched, so that a start which must fail ends at once. Reads the names that the
 * mode depends on as `loadSettings` does. `loadSettings` reports faults in the settings: it names all of them.
 * @param {string} root the project's folder
 * @param {NodeJS.ProcessEnv} env
 * @param {readonly string[]} replay files after `--replay`
 * @returns {readonly string[] | undefined} why nothing may start; undefined if it may, or if that is not known yet
 */
export function earlyRefusal(root, env, replay) {
  const folder = resolve(root, env.HELIOS_SETTINGS_DIR?.trim() ?? '');
  const [dotenv, ini] = [readText(join(folder, '.env')), readText(join(folder, 'config/config.ini'))];
  if (dotenv === undefined || ini === undefined) return undefined;
  const files = { dotenv: parseDotenv(dotenv, '.env'), ini: parseIni(ini, 'config/config.ini') };
  if (files.dotenv.faults.length > 0 || files.ini.faults.length > 0) return undefined;

  /** @param {string} name @param {string} [key] of [binance]; the ini file holds no switches */
  const text = (name, key) => {
    const fromFile = files.dotenv.entries.find((entry) => entry.name === name && entry.value !== '')?.value;
    const fromIni = files.ini.entries.find((entry) => entry.section === 'binance' && entry.key === key)?.value;
    return env[name]?.trim() || fromFile || fromIni || '';
  };
  /** @param {string} name @param {boolean} fallback @param {string} [key] */
  const flag = (name, fallback, key) => {
    const found = text(name, key);
    const read = found === '' ? { value: fallback } : parseBoolean(found);
    return 'value' in read ? read.value : undefined;
  };
  const allowPublicMode = flag('ALLOW_PUBLIC_MODE', false);
  const allowSynthetic = flag('ALLOW_SYNTHETIC', false);
  const testnet = flag('BINANCE_TESTNET', true, 'testnet');
  if (allowPublicMode === undefined || allowSynthetic === undefined || testnet === undefined) return undefined;
  const resolution = resolveMode({
    binance: {
      api_key: text('BINANCE_API_KEY', 'api_key'),
      api_secret: text('BINANCE_API_SECRET', 'api_secret'),
      testnet,
    },
    switches: { allowPublicMode, allowSynthetic, liveTradingConfirm: text('LIVE_TRADING_CONFIRM') || undefined },
    seed: 1,
    replay: replay.length === 0 ? undefined : { kind: 'replay', files: [...replay], speed: 1, exit: false },
  });
  if (resolution.kind !== 'ABORT') return undefined;
  return [...misspelled(env, files.dotenv.entries), ...resolution.lines];
}

/** A name with more differing letters is another name, not a typing mistake. */
const MAX_SLIPS = 2;

/**
 * Lines about names that nearly match a switch: the operator probably meant that switch.
 * @param {NodeJS.ProcessEnv} env
 * @param {readonly { name: string, line: number }[]} entries of `.env`
 */
function misspelled(env, entries) {
  const set = [
    ...Object.keys(env).map((name) => ({ name, where: 'environment' })),
    ...entries.map(({ name, line }) => ({ name, where: `.env line ${line}` })),
  ];
  return set.flatMap(({ name, where }) => {
    const nearest = nearestName(name, SWITCHES);
    if (nearest === undefined || nearest.distance === 0 || nearest.distance > MAX_SLIPS) return [];
    return [`${where}: ${name} is unknown; did you mean ${nearest.name}?`];
  });
}

/**
 * Text of a file, empty if there is none; undefined if it cannot be read.
 * @param {string} path
 */
function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? '' : undefined;
  }
}
