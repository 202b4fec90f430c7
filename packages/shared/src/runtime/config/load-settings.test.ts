import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { valueText } from '../../domain/settings/setting.ts';
import { faultsOf, load, settingsFolder } from '../../testing/settings-folder.ts';
import { effectiveSettings } from './effective-settings.ts';
import { ALL_SETTINGS } from './setting-names.ts';

describe('where a value comes from', () => {
  it('is the default for everything without a file', () => {
    const { settings, switches, origins } = load({});
    expect(settings.signals.nobi_threshold).toBe(0.4);
    expect(settings.trend.timeframes).toEqual(['5m', '15m', '1h']);
    expect(switches).toEqual({ allowPublicMode: false, allowSynthetic: false, liveTradingConfirm: undefined });
    expect(new Set(Object.values(origins))).toEqual(new Set(['default']));
    expect(Object.keys(origins)).toHaveLength(ALL_SETTINGS.length + 3);
  });

  it('is the environment, then .env, then the file, then the default, under either name', () => {
    const ini = '[trading]\nleverage = 2\nwatchlist_size = 2\nmax_open_positions = 2';
    const dotenv = 'LEVERAGE=3\nexport TRADING_WATCHLIST_SIZE=3';
    const { settings, origins } = load({ env: { TRADING_LEVERAGE: ' 4 ' }, dotenv, ini });
    expect(settings.trading).toMatchObject({ leverage: 4, watchlist_size: 3, max_open_positions: 2 });
    expect(origins['trading.leverage']).toBe('environment TRADING_LEVERAGE');
    expect(origins['trading.watchlist_size']).toBe('.env TRADING_WATCHLIST_SIZE line 2');
    expect(origins['trading.max_open_positions']).toBe('config/config.ini line 4');
    expect(origins['signals.nobi_depth']).toBe('default');
  });

  it('is only the folder of HELIOS_SETTINGS_DIR, if that is set, and not the project', () => {
    const folder = settingsFolder();
    writeFileSync(join(folder, '.env'), 'LEVERAGE=7');
    const hostile = { dotenv: 'LEVERAGE=99\nNOT A LINE', ini: '[nonsense]\n' };
    const { settings } = load({ env: { HELIOS_SETTINGS_DIR: folder }, ...hostile });
    expect(settings.trading.leverage).toBe(7);
    expect(load({ env: { HELIOS_SETTINGS_DIR: ' ' }, dotenv: 'LEVERAGE=8' }).settings.trading.leverage).toBe(8);
  });

  it('ignores an empty variable', () => {
    const { settings } = load({
      env: { LEVERAGE: '', TRADING_LEVERAGE: '  ' },
      dotenv: 'LEVERAGE=',
      ini: '[trading]\nleverage=7',
    });
    expect(settings.trading.leverage).toBe(7);
  });

  it('is read under every name of every setting', () => {
    for (const { environmentNames, section, key, setting } of ALL_SETTINGS) {
      if (setting.kind === 'text' || setting.kind === 'list' || setting.kind === 'optional number') continue;
      for (const name of environmentNames) {
        const { origins, settings } = load({ env: { [name]: valueText(setting.default) } });
        expect(settings).toEqual(load({}).settings);
        expect(origins[`${section}.${key}`]).toBe(`environment ${name}`);
      }
    }
  });

  it('is the environment or .env for switches', () => {
    const { switches } = load({
      env: { ALLOW_SYNTHETIC: 'Yes' },
      dotenv: 'ALLOW_PUBLIC_MODE=1\nLIVE_TRADING_CONFIRM=mainnet',
    });
    expect(switches).toEqual({ allowPublicMode: true, allowSynthetic: true, liveTradingConfirm: 'mainnet' });
  });

  it('is withheld if the process must not know it', () => {
    const { settings, origins } = load({ ini: '[binance]\napi_key=k\napi_secret=s', withhold: ['binance.api_secret'] });
    expect(settings.binance).toMatchObject({ api_key: 'k', api_secret: '' });
    expect(origins['binance.api_secret']).toBe('withheld');
  });
});

describe('files that load unchanged', () => {
  it('the samples of the operators load', () => {
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

  it('regime effects become numbers and directions', () => {
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

  it('secrets keep # and ;', () => {
    const { settings } = load({ ini: '[binance]\napi_secret = a#b;c=d\n[dashboard]\npassword = "x # y"  ; note' });
    expect(settings.binance.api_secret).toBe('a#b;c=d');
    expect(settings.dashboard.password).toBe('x # y');
  });

  it('variables of other programs are ignored', () => {
    const env = {
      SYSTEM_DEBUG: 'true',
      SYSTEM_TEAMPROJECT: 'x',
      AZURE_CLIENT_ID: 'x',
      AZURE_STORAGE_CONNECTION_STRING: 'x',
      REDIS_HOSTS: 'x',
      REDIS_IP: 'x',
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

describe('effectiveSettings', () => {
  it('masks secrets without their length, and shows the origin of each value', () => {
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
