import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { credentialQuality } from './credentials.mjs';
import { effectiveSettings } from './effective-settings.ts';
import { loadSettings } from './load-settings.ts';
import { SettingsError } from './settings-error.ts';

/** The sample files of the first documentation, rebuilt from the names that it used. */
const SAMPLE_INI = `[binance]
api_key = your_actual_api_key_here
api_secret = your_actual_api_secret_here
testnet = True  # Set to False for live trading

[trading]
watchlist_size = 10

[signals]
nobi_trigger_threshold = 0.35
ml_confidence_threshold = 0.6

[risk]
leverage = 7
kelly_fraction = 0.5          # Use 50% of Kelly recommendation
warning_margin_ratio = 30
critical_margin_ratio = 15

[simulation]
mode = HF_MARKET  # or HF_LIMIT, LF_MARKET, LF_LIMIT

[system]
redis_host = localhost
redis_port = 6379
log_level = INFO
`;
const SAMPLE_ENV = `BINANCE_API_KEY=your_actual_api_key_here
BINANCE_API_SECRET=your_actual_api_secret_here
BINANCE_TESTNET=true
ALLOW_PUBLIC_MODE=true
LEVERAGE=7
KELLY_FRACTION=0.5
WATCHLIST_SIZE=10
LOG_LEVEL=INFO
REDDIT_ENABLED=false
REDDIT_CLIENT_ID=your_reddit_client_id
REDDIT_CLIENT_SECRET=your_reddit_client_secret
AZURE_CONNECTION_STRING=your_azure_monitor_connection_string
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'helios-first-'));
  mkdirSync(join(root, 'config'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function load(ini: string, dotenv = '', env: NodeJS.ProcessEnv = {}) {
  writeFileSync(join(root, 'config/config.ini'), ini);
  writeFileSync(join(root, '.env'), dotenv);
  return loadSettings({ env, root });
}

test('the sample files of the first documentation load unchanged', () => {
  const { settings, switches, origins } = load(SAMPLE_INI, SAMPLE_ENV);
  expect(settings.trading.leverage).toBe(7);
  expect(settings.signals.nobi_threshold).toBe(0.35);
  expect(settings.signals.ml_confidence_threshold).toBe(0.6);
  expect(settings.risk).toMatchObject({ kelly_fraction: 0.5, warning_margin_ratio: 30, critical_margin_ratio: 15 });
  expect(settings.system).toMatchObject({ redis_host: 'localhost', log_level: 'info' });
  expect(credentialQuality(settings.binance.api_key)).toBe('PLACEHOLDER');
  expect(settings.azure.connection_string).toBe('');
  expect(settings.reddit).toMatchObject({ client_id: '', client_secret: '' });
  expect(switches.allowPublicMode).toBe(true);
  expect(origins['azure.connection_string']).toBe('.env AZURE_CONNECTION_STRING line 12, a placeholder: not set');
});

test('a value under a former name is used, and config shows that name', () => {
  const loaded = load('[risk]\nleverage = 9\n[signals]\nnobi_trigger_threshold = 0.3\n');
  const shown = effectiveSettings(loaded).filter(({ key }) => key === 'leverage' || key === 'nobi_threshold');
  expect(shown).toEqual([
    {
      section: 'trading',
      key: 'leverage',
      value: '9',
      origin: 'config/config.ini line 2, from old name risk.leverage',
    },
    {
      section: 'signals',
      key: 'nobi_threshold',
      value: '0.3',
      origin: 'config/config.ini line 4, from old name signals.nobi_trigger_threshold',
    },
  ]);
  expect(load('', '', { RISK_LEVERAGE: '11' }).settings.trading.leverage).toBe(11);
  expect(load('', 'RISK_LEVERAGE=12').origins['trading.leverage']).toBe(
    '.env RISK_LEVERAGE line 1, from old name RISK_LEVERAGE',
  );
});

test('both names with one value are valid; two values are a fault that names both', () => {
  expect(load('[risk]\nleverage = 9\n[trading]\nleverage = 9\n').settings.trading.leverage).toBe(9);
  for (const [ini, dotenv] of [
    ['[risk]\nleverage = 9\n[trading]\nleverage = 8\n', ''],
    ['', 'RISK_LEVERAGE=9\nLEVERAGE=8\n'],
  ] as const) {
    expect(() => load(ini, dotenv)).toThrow(SettingsError);
    expect(() => load(ini, dotenv)).toThrow(/trading\.leverage is set twice.*(risk\.|RISK_)(leverage|LEVERAGE)/s);
    expect(() => load(ini, dotenv)).toThrow(/two names of one setting/);
  }
});

test('a mistyped former name still fails', () => {
  expect(() => load('[signals]\nnobi_triger_threshold = 0.3\n')).toThrow(/unknown key nobi_triger_threshold/);
});

test('an invisible character in the environment is reported with its place, without the value', () => {
  const env = { BINANCE_API_KEY: 'vmPUZE6mv9SD5VNH\u200bk4HlWFsOr6aKE2zvsw0MuIgw' };
  expect(() => load('', '', env)).toThrow(
    'environment BINANCE_API_KEY: BINANCE_API_KEY has a ZERO WIDTH SPACE (U+200B), which is invisible, at character 17',
  );
  expect(() => load('', '', env)).not.toThrow(/vmPUZE6m/);
});

test.each([
  ['REDIS_PASSWORD=change-this-password', 'system.redis_password'],
  ['DASHBOARD_PASSWORD=your_password_here', 'dashboard.password'],
])('%s is rejected, and the message offers a good one', (line, path) => {
  const refused = () => load('', line);
  expect(refused).toThrow(`${path}: the password is a placeholder from a template`);
  expect(refused).toThrow('openssl rand -hex 16');
});
