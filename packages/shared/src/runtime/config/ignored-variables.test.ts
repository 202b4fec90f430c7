import { describe, expect, test } from 'vitest';
import { faultsOf } from '../../testing/settings-folder.ts';
import { ENVIRONMENT_NAMES } from './setting-names.ts';
import { ignoredVariableWarnings } from './unknown-names.ts';

describe('an environment variable that begins like a section and sets nothing', () => {
  test.each([
    ['SIGNALS_ORDER_FLOW', 'SIGNALS_ORDER_FLOW_GATE'],
    ['RISK_STOP_LOSS', 'RISK_STOP_LOSS_ATR'],
    ['SIGNALS_MIN_VOLUME', 'SIGNALS_MIN_VOLUME_RATIO'],
    ['RISK_STOP_ATR', 'RISK_STOP_LOSS_ATR'],
    ['FEES_TAKER', 'FEES_TAKER_FEE'],
  ])('%s is told with the nearest name %s, without its value, and refuses nothing', (name, nearest) => {
    const env = { [name]: 'a value' };
    expect(ignoredVariableWarnings(env)).toEqual([
      `environment ${name}: names no setting, so it does nothing. The nearest is ${nearest}. See docs/configuration.md for all names.`,
    ]);
    expect(faultsOf({ env })).toEqual([]);
  });

  test('is told without a name if none is near', () => {
    expect(ignoredVariableWarnings({ RISK_XYZ: '1' })).toEqual([
      'environment RISK_XYZ: names no setting, so it does nothing. See docs/configuration.md for all names.',
    ]);
  });

  test('a name of ours, an empty variable and near misses, which are faults, cause no warning', () => {
    const all = Object.fromEntries([...ENVIRONMENT_NAMES].map((name) => [name, '1']));
    expect(ignoredVariableWarnings(all)).toEqual([]);
    expect(ignoredVariableWarnings({ SIGNALS_ORDER_FLOW: ' ' })).toEqual([]);
  });

  test('names that other programs use cause neither a warning nor a fault', () => {
    const names = [
      ...['SYSTEM_TEAMPROJECT', 'SYSTEM_ACCESSTOKEN', 'AZURE_CLIENT_ID', 'AZURE_TENANT_ID', 'REDIS_TLS_URL'],
      ...[
        'BINANCE_SECRET_KEY',
        'BINANCE_FUTURES_API_KEY',
        'DASHBOARD_URL',
        'DASHBOARD_SERVICE_HOST',
        'REDDIT_REFRESH_TOKEN',
      ],
      ...[
        'EXECUTION_ROLE_ARN',
        'EXECUTION_ID',
        'POLLING_INTERVAL',
        'RECORDING_DIR',
        'ALERTS_WEBHOOK',
        'RESEARCH_TOKEN',
      ],
      ...[
        'RISK_SERVICE_HOST',
        'RISK_SERVICE_PORT_HTTP',
        'RISK_PORT',
        'TRADING_PORT_8080_TCP_ADDR',
        'RISKY_THING',
        'TRENDS_DIR',
      ],
    ];
    const env = Object.fromEntries(names.map((name) => [name, 'tcp://10.0.0.1:80']));
    expect(ignoredVariableWarnings(env)).toEqual([]);
    expect(faultsOf({ env })).toEqual([]);
  });
});
