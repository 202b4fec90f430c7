import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { valueText } from '../../domain/settings/setting.ts';
import { effectiveSettings } from './effective-settings.ts';
import { type LoadedSettings, loadSettings } from './load-settings.ts';
import { ALL_SETTINGS } from './setting-names.ts';
import { SettingsError, type SettingsFault } from './settings-error.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Given {
  readonly env?: NodeJS.ProcessEnv;
  readonly dotenv?: string;
  readonly ini?: string | Buffer;
  readonly withhold?: readonly string[];
}

function load({ env = {}, dotenv, ini, withhold = [] }: Given): LoadedSettings {
  const root = mkdtempSync(join(tmpdir(), 'helios-settings-'));
  folders.push(root);
  const write = (file: string, content: string | Buffer | undefined): void => {
    if (content === undefined) return;
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  };
  write('.env', dotenv);
  write('config/config.ini', ini);
  return loadSettings({ env, root, withhold });
}

function faultsOf(given: Given): readonly SettingsFault[] {
  try {
    load(given);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

describe('where a value comes from', () => {
  it('has defaults for everything where there is no file', () => {
    const { settings, switches, origins } = load({});
    expect(settings.signals.nobi_threshold).toBe(0.4);
    expect(settings.trend.timeframes).toEqual(['5m', '15m', '1h']);
    expect(switches).toEqual({ allowPublicMode: false, allowSynthetic: false, liveTradingConfirm: undefined });
    expect(new Set(Object.values(origins))).toEqual(new Set(['default']));
    expect(Object.keys(origins)).toHaveLength(ALL_SETTINGS.length + 3);
  });

  it('takes environment over .env over file over default, under either name', () => {
    const ini = '[trading]\nleverage = 2\nwatchlist_size = 2\nmax_open_positions = 2';
    const dotenv = 'LEVERAGE=3\nexport TRADING_WATCHLIST_SIZE=3';
    const { settings, origins } = load({ env: { TRADING_LEVERAGE: ' 4 ' }, dotenv, ini });
    expect(settings.trading).toMatchObject({ leverage: 4, watchlist_size: 3, max_open_positions: 2 });
    expect(origins['trading.leverage']).toBe('environment TRADING_LEVERAGE');
    expect(origins['trading.watchlist_size']).toBe('.env TRADING_WATCHLIST_SIZE line 2');
    expect(origins['trading.max_open_positions']).toBe('config/config.ini line 4');
    expect(origins['signals.nobi_depth']).toBe('default');
  });

  it('reads the folder that HELIOS_SETTINGS_DIR names, and nothing of the project’s', () => {
    const folder = mkdtempSync(join(tmpdir(), 'helios-settings-'));
    folders.push(folder);
    writeFileSync(join(folder, '.env'), 'LEVERAGE=7');
    const hostile = { dotenv: 'LEVERAGE=99\nNOT A LINE', ini: '[nonsense]\n' };
    const { settings } = load({ env: { HELIOS_SETTINGS_DIR: folder }, ...hostile });
    expect(settings.trading.leverage).toBe(7);
    expect(load({ env: { HELIOS_SETTINGS_DIR: ' ' }, dotenv: 'LEVERAGE=8' }).settings.trading.leverage).toBe(8);
  });

  it('takes an empty variable as not set', () => {
    const { settings } = load({
      env: { LEVERAGE: '', TRADING_LEVERAGE: '  ' },
      dotenv: 'LEVERAGE=',
      ini: '[trading]\nleverage=7',
    });
    expect(settings.trading.leverage).toBe(7);
  });

  it('reads every setting under every one of its names', () => {
    for (const { environmentNames, section, key, setting } of ALL_SETTINGS) {
      if (setting.kind === 'text' || setting.kind === 'list') continue;
      for (const name of environmentNames) {
        const { origins, settings } = load({ env: { [name]: valueText(setting.default) } });
        expect(settings).toEqual(load({}).settings);
        expect(origins[`${section}.${key}`]).toBe(`environment ${name}`);
      }
    }
  });

  it('reads switches from environment and .env', () => {
    const { switches } = load({
      env: { ALLOW_SYNTHETIC: 'Yes' },
      dotenv: 'ALLOW_PUBLIC_MODE=1\nLIVE_TRADING_CONFIRM=mainnet',
    });
    expect(switches).toEqual({ allowPublicMode: true, allowSynthetic: true, liveTradingConfirm: 'mainnet' });
  });

  it('withholds what a process must not know', () => {
    const { settings, origins } = load({ ini: '[binance]\napi_key=k\napi_secret=s', withhold: ['binance.api_secret'] });
    expect(settings.binance).toMatchObject({ api_key: 'k', api_secret: '' });
    expect(origins['binance.api_secret']).toBe('withheld');
  });
});

describe('what loads as it stands', () => {
  it('reads the operators’ samples', () => {
    const { settings } = load({
      ini: [
        '[risk]',
        'kelly_fraction = 0.5          # Use 50% of Kelly recommendation',
        '[simulation]',
        'mode = HF_MARKET  # or HF_LIMIT, LF_MARKET, LF_LIMIT',
        '[binance]',
        'testnet = True  # Set to False for live trading',
      ].join('\n'),
    });
    expect(settings.risk.kelly_fraction).toBe(0.5);
    expect(settings.simulation.mode).toBe('HF_MARKET');
    expect(settings.binance.testnet).toBe(true);
  });

  it('reads what a regime changes into numbers and directions', () => {
    const { settings } = load({
      env: { REGIME_QUIET: 'Threshold .5,stop 2.,hold 0.25,  block BOTH' },
      ini: '[regime]\nvolatile = threshold 1.4, stop 1.5, hold 0.5, block LONG  # falling knives',
    });
    expect(settings.regime.quiet).toEqual({
      thresholdFactor: 0.5,
      stopFactor: 2,
      holdFactor: 0.25,
      blocked: ['LONG', 'SHORT'],
    });
    expect(settings.regime.volatile.blocked).toEqual(['LONG']);
    expect(settings.regime.unknown).toEqual({ thresholdFactor: 1, stopFactor: 1, holdFactor: 1, blocked: [] });
  });

  it('keeps # and ; in secrets', () => {
    const { settings } = load({ ini: '[binance]\napi_secret = a#b;c=d\n[dashboard]\npassword = "x # y"  ; note' });
    expect(settings.binance.api_secret).toBe('a#b;c=d');
    expect(settings.dashboard.password).toBe('x # y');
  });

  it('leaves variables of other programs alone', () => {
    const env = {
      SYSTEM_DEBUG: 'true',
      SYSTEM_TEAMPROJECT: 'x',
      AZURE_CLIENT_ID: 'x',
      AZURE_STORAGE_CONNECTION_STRING: 'x',
      REDIS_URL: 'redis://x',
      REDIS_HOSTS: 'x',
      REDIS_IP: 'x',
      REDIS_TLS: 'x',
      REDIS_USER: 'x',
      REDIS_PASS: 'x',
      LOGLEVEL: 'x',
      LEVERAGE_2: 'x',
      REDDIT_USERNAME: 'x',
      BINANCE_API_KEY_2: 'x',
      TREND_MICRO: 'x',
      COMPOSE_PROJECT_NAME: 'x',
    };
    expect(faultsOf({ env })).toEqual([]);
    expect(faultsOf({ dotenv: 'COMPOSE_PROJECT_NAME=helios\nTZ=UTC' })).toEqual([]);
  });
});

describe('faults', () => {
  it.each([
    [{ env: { SIGNALS_NOBI_TRESHOLD: '1' } }, 'environment SIGNALS_NOBI_TRESHOLD', 'SIGNALS_NOBI_THRESHOLD'],
    [{ env: { SIGNAL_NOBI_THRESHOLD: '1' } }, 'environment SIGNAL_NOBI_THRESHOLD', 'SIGNALS_NOBI_THRESHOLD'],
    [{ env: { KELLY_FRACTON: '0.1' } }, 'environment KELLY_FRACTON', 'KELLY_FRACTION'],
    [{ env: { LEVERAG: '100' } }, 'environment LEVERAG', 'LEVERAGE'],
    [{ env: { LOG_LEVLE: 'debug' } }, 'environment LOG_LEVLE', 'LOG_LEVEL'],
    [{ env: { ALLOW_SYNTETIC: '1' } }, 'environment ALLOW_SYNTETIC', 'ALLOW_SYNTHETIC'],
    [{ dotenv: 'REDIS_PASWORD=x' }, '.env line 1', 'REDIS_PASSWORD'],
    [{ dotenv: 'BINANCE_API_KEY_2=x' }, '.env line 1', 'BINANCE_API_KEY'],
    [{ dotenv: 'SIGNALS_WHATEVER=x' }, '.env line 1', 'SIGNALS_'],
    [{ ini: '[signal]\n' }, 'config/config.ini line 1', '[signals]'],
    [{ ini: '[signals]\nnobi_treshold = 1' }, 'config/config.ini line 2', 'nobi_threshold'],
    [{ ini: '[signals]\ntaker_fee = 1' }, 'config/config.ini line 2', '[fees]'],
    [{ ini: '[binance]\nBINANCE_API_KEY = 1' }, 'config/config.ini line 2', 'api_key'],
    [{ ini: 'leverage = 3' }, 'config/config.ini line 1', '[trading]'],
    [{ ini: '[trading]\nallow_synthetic = true' }, 'config/config.ini line 2', '.env'],
    [{ ini: 'ALLOW_PUBLIC_MODE = true' }, 'config/config.ini line 1', '.env'],
    [{ ini: '[trading]\nleverage =' }, 'config/config.ini line 2', 'default 5'],
    [{ ini: '[trading]\nleverage = 0,5' }, 'config/config.ini line 2', 'whole number from 1 to 125'],
    [{ ini: '[trading]\nleverage = 2.5' }, 'config/config.ini line 2', 'whole number'],
    [{ ini: '[trading]\nleverage = 0x10' }, 'config/config.ini line 2', 'whole number'],
    [{ env: { REDIS_PORT: 'tcp://10.0.0.1:6379' } }, 'environment REDIS_PORT', 'whole number'],
    [{ env: { KELLY_FRACTION: '1e999' } }, 'environment KELLY_FRACTION', 'from 0.01 to 1'],
    [{ ini: '[simulation]\nmode = HF_MARKT' }, 'config/config.ini line 2', 'HF_MARKET'],
    [{ ini: '[binance]\ntestnet = maybe' }, 'config/config.ini line 2', 'true or false'],
    [{ env: { ALLOW_PUBLIC_MODE: 'maybe' } }, 'environment ALLOW_PUBLIC_MODE', 'true or false'],
    [
      { ini: '[trading]\nleverage=1\n[fees]\n[trading]\nleverage=2' },
      'line 2 and config/config.ini line 5',
      'Remove one',
    ],
    [
      { env: { LEVERAGE: '1', TRADING_LEVERAGE: '2' } },
      'environment TRADING_LEVERAGE and environment LEVERAGE',
      'Remove one',
    ],
    [{ dotenv: 'LEVERAGE=1\nLEVERAGE=2' }, '.env LEVERAGE line 1 and .env LEVERAGE line 2', 'Remove one'],
    [{ ini: '[risk]\ncritical_margin_ratio = 40' }, 'config/config.ini line 2', 'Change one'],
    [{ ini: '[trend]\nema_fast = 21' }, 'config/config.ini line 2', 'Change one'],
    [{ ini: '[trend]\ntimeframes = 5m, 7m' }, 'config/config.ini line 2', '15m'],
    [{ ini: '[trading]\nsymbols = BTCUSDT, btc/usdt' }, 'config/config.ini line 2', 'BTCUSDT'],
    [{ ini: '[trading]\nsymbols = BTCUSDT, BTCUSDT' }, 'config/config.ini line 2', 'Remove one'],
    [{ ini: '[trading]\nwhitelist = btc/usdt' }, 'config/config.ini line 2', 'BTCUSDT'],
    [
      { ini: '[trading]\nsymbols = BTCUSDT\nblacklist = BTCUSDT' },
      'config/config.ini line 2 and config/config.ini line 3',
      'Remove it from one',
    ],
    [{ ini: '[trading]\nvolatility_low_pct = 3' }, 'config/config.ini line 2', 'Change one'],
    [
      { ini: '[trading]\nvolume_weight=0\ndepth_weight=0\nspread_weight=0\nvolatility_weight=0' },
      'config/config.ini line 5',
      'above 0',
    ],
    [{ ini: '[trend]\ntimeframes =' }, 'config/config.ini line 2', '15m'],
    [{ ini: '[regime]\nquiet =' }, 'config/config.ini line 2', 'threshold 1.2, stop 0.8, hold 1, block none'],
    [{ ini: '[regime]\nquiet = threshold 1, stop 1, hold 1' }, 'config/config.ini line 2', 'block none, LONG, SHORT'],
    [{ env: { REGIME_QUIET: 'threshold 0, stop 1, hold 1, block LONG' } }, 'environment REGIME_QUIET', '0.01 to 100'],
    [{ ini: '[signals]\nconfirmation_count = 50' }, 'config/config.ini line 2', '12250'],
    [{ ini: '[system]\ndata_dir =' }, 'config/config.ini line 2', 'default'],
    [{ ini: Buffer.from([0x5b, 0xff, 0xfe]) }, 'config/config.ini', 'UTF-8'],
  ] satisfies [Given, string, string][])('%j', (given, where, fix) => {
    const faults = faultsOf(given);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.where).toContain(where);
    expect(faults[0]?.fix).toContain(fix);
  });

  it('takes an empty list of symbols as none named', () => {
    expect(faultsOf({ ini: '[trading]\nsymbols =\nwhitelist =\nblacklist = LUNAUSDT' })).toEqual([]);
  });

  it('takes symbols in any case for the venue’s, which are in capitals, and other words as they are', () => {
    const { settings } = load({
      env: { TRADING_BLACKLIST: 'dogeusdt', REDDIT_SUBREDDITS: 'CryptoCurrency' },
      ini: '[trading]\nsymbols = btcusdt, EthUsdt\nwhitelist = 1000pepeusdt',
    });
    const { symbols, whitelist, blacklist } = settings.trading;
    expect({ symbols, whitelist, blacklist }).toEqual({
      symbols: ['BTCUSDT', 'ETHUSDT'],
      whitelist: ['1000PEPEUSDT'],
      blacklist: ['DOGEUSDT'],
    });
    expect(settings.reddit.subreddits).toEqual(['CryptoCurrency']);
    expect(faultsOf({ ini: '[trading]\nsymbols = BTCUSDT\nblacklist = btcusdt' })[0]?.what).toContain('both name');
  });

  it('tolerates a repetition that says the same', () => {
    expect(faultsOf({ env: { LEVERAGE: '4', TRADING_LEVERAGE: '4' }, dotenv: 'REDIS_DB=\nREDIS_DB=1' })).toEqual([]);
  });

  it('lists all faults at once, each with its place, and no secret', () => {
    const ini =
      '[signals]\nnobi_treshold = 0.3\nnobi_depth = 99\n[nonsense]\nx = 1\n[risk]\nkelly_fraction = half\n[binance]\napi_secret = "topsecret';
    const error = (() => {
      try {
        return load({
          env: { LOG_LEVEL: 'loud', FEES_TAKER_FE: '1' },
          dotenv: 'REDIS_PORT=99999\nBINANCE_API_SECRET=topsecret\nBINANCE_API_SECRET=topsecret2',
          ini,
        });
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(SettingsError);
    const places = (error as SettingsError).faults.map(({ where }) => where);
    expect(places.toSorted()).toEqual([
      '.env BINANCE_API_SECRET line 2 and .env BINANCE_API_SECRET line 3',
      '.env REDIS_PORT line 1',
      'config/config.ini line 2',
      'config/config.ini line 3',
      'config/config.ini line 4',
      'config/config.ini line 7',
      'config/config.ini line 9',
      'environment FEES_TAKER_FE',
      'environment LOG_LEVEL',
    ]);
    for (const place of places) expect((error as Error).message).toContain(place);
    expect((error as Error).message).not.toContain('topsecret');
  });

  it('names key, text and form where a row of the table of regimes cannot be read', () => {
    const [fault] = faultsOf({ ini: '[regime]\nquiet = threshold 1, stop x, hold 1, block none' });
    expect(fault?.what).toBe('regime.quiet: "threshold 1, stop x, hold 1, block none" is not what a regime changes');
    expect(fault?.fix).toContain('threshold 1, stop 1.5, hold 1.5, block SHORT');
  });

  it('does not complain about a pair of which one is faulty itself', () => {
    expect(faultsOf({ ini: '[trend]\nema_fast = 500\nema_slow = 10' })).toHaveLength(1);
  });

  it('says that a config.ini which is no readable file cannot be read', () => {
    const root = mkdtempSync(join(tmpdir(), 'helios-settings-'));
    folders.push(root);
    mkdirSync(join(root, 'config/config.ini'), { recursive: true });
    expect(() => loadSettings({ env: {}, root })).toThrow(/config\/config\.ini: cannot be read \(EISDIR\)/);
  });
});

describe('effectiveSettings', () => {
  it('masks secrets without telling their length, and says where values come from', () => {
    const shown = effectiveSettings(
      load({
        env: { BINANCE_API_SECRET: 'abc' },
        dotenv: 'REDIS_PASSWORD=a-very-long-password',
        ini: '[fees]\ntaker_fee = 0.0005',
      }),
    );
    const find = (section: string, key: string) => shown.find((row) => row.section === section && row.key === key);
    expect(find('binance', 'api_secret')).toMatchObject({
      value: '********',
      origin: 'environment BINANCE_API_SECRET',
    });
    expect(find('system', 'redis_password')).toMatchObject({ value: '********' });
    expect(find('binance', 'api_key')).toMatchObject({ value: '(not set)' });
    expect(find('regime', 'trending_up')).toMatchObject({ value: 'threshold 1, stop 1.2, hold 1.5, block SHORT' });
    expect(find('fees', 'taker_fee')).toMatchObject({ value: '0.0005', origin: 'config/config.ini line 2' });
  });
});
