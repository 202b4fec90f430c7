import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultsOf, type Given, load, settingsFolder } from '../../testing/settings-folder.ts';
import { loadSettings } from './load-settings.ts';
import { SettingsError } from './settings-error.ts';

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
    [
      { env: { SIGNALS_MAX_VWAP_DISTANCE_ATR: '3' } },
      'environment SIGNALS_MAX_VWAP',
      'SIGNALS_MAX_VWAP_DISTANCE_SIGMA',
    ],
    [{ dotenv: 'REGIME_EMA_SEPARATION_PCT=0.1' }, '.env line 1', 'REGIME_EMA_SEPARATION_ATR'],
    [{ ini: '[regime]\nvolatile_percentile = 85' }, 'config/config.ini line 2', 'volatile_ratio'],
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
    [{ env: { SIGNALS_EDGE_GATE: 'auto' } }, 'environment SIGNALS_EDGE_GATE', 'Write observe to make and mark'],
    [{ env: { RISK_REVERSAL_EXIT: 'true' } }, 'environment RISK_REVERSAL_EXIT', 'Write always'],
    [{ dotenv: 'RISK_REVERSAL_EXIT=On' }, '.env RISK_REVERSAL_EXIT line 1', 'Write always'],
    [{ ini: '[risk]\nreversal_exit = no' }, 'config/config.ini line 2', 'Write off'],
    [{ env: { REASONS_ENABLED: 'IMBALANCE,EXHAUSTION' } }, 'environment REASONS_ENABLED', 'IMBALANCE last'],
    [
      { env: { REASONS_ENABLED: 'MODEL', SIGNALS_MODEL_DIR: 'none' } },
      'environment REASONS_ENABLED',
      'leave MODEL out',
    ],
    [
      { env: { REASONS_ENABLED: 'EXHAUSTION,SENTIMENT', SENTIMENT_ENABLED: 'false' } },
      'environment SENTIMENT_ENABLED',
      'leave SENTIMENT out',
    ],
    [
      { env: { REASONS_ENABLED: 'RELATIVE_MOMENTUM' }, ini: '[trading]\nsymbols = BTCUSDT, ETHUSDT' },
      'config/config.ini line 2',
      'Name more symbols',
    ],
    [{ ini: '[risk]\nmax_stop_pct = 0.3' }, 'config/config.ini line 2', 'Raise risk.max_stop_pct'],
    [{ env: { RISK_MIN_TARGET_COSTS: '100' } }, 'environment RISK_MIN_TARGET_COSTS', 'lower risk.min_target_costs'],
    [{ ini: Buffer.from([0x5b, 0xff, 0xfe]) }, 'config/config.ini', 'UTF-8'],
  ] satisfies [Given, string, string][])('%j', (given, where, fix) => {
    const faults = faultsOf(given);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.where).toContain(where);
    expect(faults[0]?.fix).toContain(fix);
  });

  it('an empty list of symbols names no symbol', () => {
    expect(faultsOf({ ini: '[trading]\nsymbols =\nwhitelist =\nblacklist = LUNAUSDT' })).toEqual([]);
  });

  it('symbols in any case become the venue’s capitals, and other words stay unchanged', () => {
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

  it('a repetition with the same value is no fault', () => {
    expect(faultsOf({ env: { LEVERAGE: '4', TRADING_LEVERAGE: '4' }, dotenv: 'REDIS_DB=\nREDIS_DB=1' })).toEqual([]);
  });

  it('all faults are listed at once, each with its place, and without secrets', () => {
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

  it('a bad regime effect is reported with key, text and form', () => {
    const [fault] = faultsOf({ ini: '[regime]\nquiet = threshold 1, stop x, hold 1, block none' });
    expect(fault?.what).toBe('regime.quiet: "threshold 1, stop x, hold 1, block none" is not a regime effect');
    expect(fault?.fix).toContain('threshold 1, stop 1.5, hold 1.5, block SHORT');
  });

  it('a rule about two settings is skipped if one of them is faulty', () => {
    expect(faultsOf({ ini: '[trend]\nema_fast = 500\nema_slow = 10' })).toHaveLength(1);
  });

  it('a config.ini that is not a readable file is reported', () => {
    const root = settingsFolder();
    mkdirSync(join(root, 'config/config.ini'), { recursive: true });
    expect(() => loadSettings({ env: {}, root })).toThrow(/config\/config\.ini: cannot be read \(EISDIR\)/);
  });
});
