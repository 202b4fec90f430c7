import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { earlyRefusal } from './early-mode.mjs';
import { resolveMode } from './resolve-mode.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'helios-early-'));
  mkdirSync(join(root, 'config'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const KEY = 'vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A';

/** The refusal of the full resolver for the same files and environment. */
function fullRefusal(env: NodeJS.ProcessEnv, files: readonly string[]): readonly string[] | undefined {
  const { settings, switches } = loadSettings({ env, root });
  const replay = files.length === 0 ? undefined : { kind: 'replay' as const, files: [...files], speed: 1, exit: false };
  const resolution = resolveMode({ binance: settings.binance, switches, seed: 1, replay });
  return resolution.kind === 'ABORT' ? resolution.lines : undefined;
}

const credential = fc.constantFrom(undefined, '', KEY, 'your_actual_api_key_here', 'abc', `'${KEY}'`);
const flag = fc.constantFrom(undefined, '', 'true', 'false', 'YES', 'off');
const source = fc.record({
  BINANCE_API_KEY: credential,
  BINANCE_API_SECRET: credential,
  BINANCE_TESTNET: flag,
  ALLOW_PUBLIC_MODE: flag,
  ALLOW_SYNTHETIC: flag,
  LIVE_TRADING_CONFIRM: fc.constantFrom(undefined, 'mainnet', 'yes'),
});
const ini = fc.record({
  api_key: credential,
  api_secret: credential,
  testnet: fc.constantFrom(undefined, 'true', 'no'),
});

it('gives the same answer as the resolver for any environment, .env and config.ini', () => {
  const lines = (values: Record<string, string | undefined>) =>
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('');
  const files = fc.constantFrom([], ['/a.gz']);
  fc.assert(
    fc.property(source, source, ini, files, (env, dotenv, binance, replay) => {
      writeFileSync(join(root, '.env'), lines(dotenv), { mode: 0o600 });
      writeFileSync(join(root, 'config/config.ini'), `[binance]\n${lines(binance)}`);
      const bare = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value?.replaceAll("'", '')]));
      expect(earlyRefusal(root, bare, replay)).toEqual(fullRefusal(bare, replay));
    }),
    { numRuns: 200 },
  );
});

it('ignores faults in the settings, because the fleet names all of them', () => {
  for (const text of ['ALLOW_SYNTHETIC=maybe\n', 'not a line\n', 'BINANCE_TESTNET=\u200btrue\n']) {
    writeFileSync(join(root, '.env'), text);
    expect(earlyRefusal(root, {}, [])).toBeUndefined();
  }
});

it('names a misspelled switch with its place', () => {
  writeFileSync(join(root, '.env'), '# mine\nALOW_SYNTHETIC=true\nTZ=UTC\n', { mode: 0o600 });
  expect(earlyRefusal(root, { ALLOW_PUBLIC_MODES: 'true', HOME: '/root' }, [])?.slice(0, 2)).toEqual([
    'environment: ALLOW_PUBLIC_MODES is unknown; did you mean ALLOW_PUBLIC_MODE?',
    '.env line 2: ALOW_SYNTHETIC is unknown; did you mean ALLOW_SYNTHETIC?',
  ]);
});
