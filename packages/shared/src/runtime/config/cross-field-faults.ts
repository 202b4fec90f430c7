import { InstrumentSymbol } from '../../domain/primitives.ts';
import type { Settings } from '../../domain/settings.ts';
import type { SettingsFault } from './settings-error.ts';

interface Rule {
  /** `section.key` of every setting the rule reads: it is skipped where one of them is faulty itself. */
  readonly reads: readonly string[];
  /** What is wrong with the values, or undefined. */
  readonly complaint: (settings: Settings) => { readonly what: string; readonly fix: string } | undefined;
}

const TIMEFRAMES = ['1m', '5m', '15m', '1h', '4h'];

type NumberPath = { [S in keyof Settings]: `${S}.${keyof Settings[S] & string}` }[keyof Settings];

const RULES: readonly Rule[] = [
  below('risk.critical_margin_ratio', 'risk.warning_margin_ratio'),
  below('risk.min_stop_pct', 'risk.max_stop_pct'),
  below('trend.ema_fast', 'trend.ema_slow'),
  below('regime.quiet_percentile', 'regime.volatile_percentile'),
  {
    reads: ['trend.timeframes'],
    complaint: ({ trend }) => wordsComplaint('trend.timeframes', trend.timeframes, (word) => TIMEFRAMES.includes(word)),
  },
  {
    reads: ['trading.symbols'],
    complaint: ({ trading }) =>
      wordsComplaint('trading.symbols', trading.symbols, (word) => InstrumentSymbol.safeParse(word).success),
  },
  {
    reads: ['signals.confirmation_count', 'signals.confirmation_sample_ms', 'signals.confirmation_window_ms'],
    complaint: ({ signals }) => {
      const neededMs = (signals.confirmation_count - 1) * signals.confirmation_sample_ms;
      if (neededMs <= signals.confirmation_window_ms) return undefined;
      return {
        what: `${signals.confirmation_count} confirmations at least ${signals.confirmation_sample_ms} ms apart never fit into signals.confirmation_window_ms = ${signals.confirmation_window_ms}`,
        fix: `Make the window at least ${neededMs}, or ask for fewer confirmations`,
      };
    },
  },
  notEmpty('system.redis_host', ({ system }) => system.redis_host),
  notEmpty('system.data_dir', ({ system }) => system.data_dir),
  notEmpty('system.log_dir', ({ system }) => system.log_dir),
  notEmpty('dashboard.host', ({ dashboard }) => dashboard.host),
];

/** Faults that only several settings together, or the words of a list, can have. */
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

function below(lower: NumberPath, upper: NumberPath): Rule {
  return {
    reads: [lower, upper],
    complaint: (settings) => {
      const [low, high] = [numberAt(settings, lower), numberAt(settings, upper)];
      if (low < high) return undefined;
      return {
        what: `${lower} = ${low} must be below ${upper} = ${high}`,
        fix: 'Change one of them (what is not set has its default)',
      };
    },
  };
}

function numberAt(settings: Settings, path: NumberPath): number {
  const [section, key] = path.split('.');
  return Number((settings as unknown as Record<string, Record<string, unknown>>)[section ?? '']?.[key ?? '']);
}

function notEmpty(path: NumberPath, value: (settings: Settings) => string): Rule {
  return {
    reads: [path],
    complaint: (settings) =>
      value(settings) === ''
        ? { what: `${path} is empty`, fix: 'Write a value, or remove the line to get the default' }
        : undefined,
  };
}

function wordsComplaint(
  path: string,
  words: readonly string[],
  allowed: (word: string) => boolean,
): { what: string; fix: string } | undefined {
  const form =
    path === 'trend.timeframes' ? `Use any of ${TIMEFRAMES.join(', ')}` : 'Write symbols such as BTCUSDT, ETHUSDT';
  if (words.length === 0) return { what: `${path} is empty`, fix: form };
  const wrong = words.filter((word) => !allowed(word));
  if (wrong.length > 0) return { what: `${path}: unknown ${wrong.join(', ')}`, fix: form };
  const twice = words.find((word, index) => words.indexOf(word) !== index);
  return twice === undefined ? undefined : { what: `${path} names ${twice} twice`, fix: 'Remove one' };
}
