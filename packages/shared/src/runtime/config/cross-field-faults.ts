import { InstrumentSymbol } from '../../domain/primitives.ts';
import type { Settings } from '../../domain/settings.ts';
import { ReasonCode } from '../../domain/signal.ts';
import type { SettingsFault } from './settings-error.ts';
import type { SettingPath, SettingsRule } from './settings-rule.ts';
import { STRATEGY_RULES } from './strategy-rules.ts';

const TIMEFRAMES = ['1m', '5m', '15m', '1h', '4h'];

/** What the words of a list may be; lists without an entry hold symbols. */
const WORD_FORMS: Readonly<Record<string, string>> = {
  'trend.timeframes': `Use any of ${TIMEFRAMES.join(', ')}`,
  'reasons.enabled': `Use any of ${ReasonCode.options.join(', ')}`,
};

interface Read<T> {
  readonly path: SettingPath;
  readonly of: (settings: Settings) => T;
}

const RULES: readonly SettingsRule[] = [
  below(
    { path: 'risk.critical_margin_ratio', of: ({ risk }) => risk.critical_margin_ratio },
    { path: 'risk.warning_margin_ratio', of: ({ risk }) => risk.warning_margin_ratio },
  ),
  below(
    { path: 'risk.warning_maintenance_ratio', of: ({ risk }) => risk.warning_maintenance_ratio },
    { path: 'risk.critical_maintenance_ratio', of: ({ risk }) => risk.critical_maintenance_ratio },
  ),
  below(
    { path: 'risk.min_stop_pct', of: ({ risk }) => risk.min_stop_pct },
    { path: 'risk.max_stop_pct', of: ({ risk }) => risk.max_stop_pct },
  ),
  below(
    { path: 'trend.ema_fast', of: ({ trend }) => trend.ema_fast },
    { path: 'trend.ema_slow', of: ({ trend }) => trend.ema_slow },
  ),
  {
    reads: ['trend.timeframes'],
    complaint: ({ trend }) => wordsComplaint('trend.timeframes', trend.timeframes, (word) => TIMEFRAMES.includes(word)),
  },
  {
    reads: ['reasons.enabled'],
    complaint: ({ reasons }) =>
      wordsComplaint('reasons.enabled', reasons.enabled, (word) => ReasonCode.safeParse(word).success),
  },
  ...STRATEGY_RULES,
  symbols({ path: 'trading.symbols', of: ({ trading }) => trading.symbols }),
  symbols({ path: 'trading.whitelist', of: ({ trading }) => trading.whitelist }),
  symbols({ path: 'trading.blacklist', of: ({ trading }) => trading.blacklist }),
  {
    reads: ['trading.symbols', 'trading.blacklist'],
    complaint: ({ trading }) => {
      const both = trading.symbols.find((symbol) => trading.blacklist.includes(symbol));
      if (both === undefined) return undefined;
      return { what: `trading.symbols and trading.blacklist both name ${both}`, fix: 'Remove it from one of the two' };
    },
  },
  below(
    { path: 'trading.volatility_low_pct', of: ({ trading }) => trading.volatility_low_pct },
    { path: 'trading.volatility_high_pct', of: ({ trading }) => trading.volatility_high_pct },
  ),
  {
    reads: ['trading.volume_weight', 'trading.depth_weight', 'trading.spread_weight', 'trading.volatility_weight'],
    complaint: ({ trading: { volume_weight, depth_weight, spread_weight, volatility_weight } }) =>
      volume_weight + depth_weight + spread_weight + volatility_weight > 0
        ? undefined
        : {
            what: 'the four weights of a symbol’s score in [trading] are all 0',
            fix: 'Give one of them a value above 0',
          },
  },
  {
    reads: ['signals.confirmation_count', 'signals.confirmation_sample_ms', 'signals.confirmation_window_ms'],
    complaint: ({ signals }) => {
      const neededMs = (signals.confirmation_count - 1) * signals.confirmation_sample_ms;
      if (neededMs <= signals.confirmation_window_ms) return undefined;
      return {
        what: `${signals.confirmation_count} confirmations at least ${signals.confirmation_sample_ms} ms apart never fit into signals.confirmation_window_ms = ${signals.confirmation_window_ms}`,
        fix: `Make the window at least ${neededMs}, or require fewer confirmations`,
      };
    },
  },
  webAddress({ path: 'binance.rest_url', of: ({ binance }) => binance.rest_url }),
  streamOrigin({ path: 'binance.stream_url', of: ({ binance }) => binance.stream_url }),
  webAddress({ path: 'polling.coingecko_url', of: ({ polling }) => polling.coingecko_url }),
  notEmpty({ path: 'system.redis_host', of: ({ system }) => system.redis_host }),
  notEmpty({ path: 'system.data_dir', of: ({ system }) => system.data_dir }),
  notEmpty({ path: 'system.log_dir', of: ({ system }) => system.log_dir }),
  notEmpty({ path: 'dashboard.host', of: ({ dashboard }) => dashboard.host }),
];

/** Faults between several settings, and in the words of lists. */
export function crossFieldFaults(
  settings: Settings,
  origins: Readonly<Record<string, string>>,
  faulty: ReadonlySet<string>,
): SettingsFault[] {
  return RULES.flatMap(({ reads, complaint }) => {
    if (reads.some((path) => faulty.has(path))) return [];
    const found = complaint(settings);
    if (found === undefined) return [];
    const set = [...new Set(reads.map((path) => origins[path] ?? 'default'))].filter((origin) => origin !== 'default');
    return [{ where: set.join(' and '), ...found }];
  });
}

function below(lower: Read<number>, upper: Read<number>): SettingsRule {
  return {
    reads: [lower.path, upper.path],
    complaint: (settings) => {
      const [low, high] = [lower.of(settings), upper.of(settings)];
      if (low < high) return undefined;
      return {
        what: `${lower.path} = ${low} must be below ${upper.path} = ${high}`,
        fix: 'Change one of them (a setting that is not set has its default)',
      };
    },
  };
}

function notEmpty({ path, of }: Read<string>): SettingsRule {
  return {
    reads: [path],
    complaint: (settings) =>
      of(settings) === ''
        ? { what: `${path} is empty`, fix: 'Write a value, or remove the line to get the default' }
        : undefined,
  };
}

/** An address that may be empty. */
function webAddress({ path, of }: Read<string>): SettingsRule {
  return {
    reads: [path],
    complaint: (settings) => {
      const text = of(settings);
      if (text === '' || /^https?:\/\/[^\s/?#]+[^\s?#]*$/.test(text)) return undefined;
      return {
        what: `${path} = ${text} is not a web address`,
        fix: 'Write an address such as https://host.example or http://127.0.0.1:8099',
      };
    },
  };
}

/** An address for WebSocket connections, without a path: Helios appends the venue's paths. May be empty. */
function streamOrigin({ path, of }: Read<string>): SettingsRule {
  return {
    reads: [path],
    complaint: (settings) => {
      const text = of(settings);
      if (text === '' || /^wss?:\/\/[^\s/?#]+\/?$/.test(text)) return undefined;
      return {
        what: `${path} = ${text} is not the address of a WebSocket server`,
        fix: 'Write an address without a path, such as wss://host.example or ws://127.0.0.1:8099',
      };
    },
  };
}

/** A list of symbols that may be empty. */
function symbols({ path, of }: Read<readonly string[]>): SettingsRule {
  const isSymbol = (word: string) => InstrumentSymbol.safeParse(word).success;
  return {
    reads: [path],
    complaint: (settings) => (of(settings).length === 0 ? undefined : wordsComplaint(path, of(settings), isSymbol)),
  };
}

function wordsComplaint(
  path: SettingPath,
  words: readonly string[],
  allowed: (word: string) => boolean,
): { what: string; fix: string } | undefined {
  const form = WORD_FORMS[path] ?? 'Write symbols such as BTCUSDT, ETHUSDT';
  if (words.length === 0) return { what: `${path} is empty`, fix: form };
  const wrong = words.filter((word) => !allowed(word));
  if (wrong.length > 0) return { what: `${path}: unknown ${wrong.join(', ')}`, fix: form };
  const twice = words.find((word, index) => words.indexOf(word) !== index);
  return twice === undefined ? undefined : { what: `${path} names ${twice} twice`, fix: 'Remove one' };
}
