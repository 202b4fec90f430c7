import { basename, resolve } from 'node:path';
import { CACHE_ENDING } from '@helios/market-data/cache/cache-content.ts';
import type { RecordedMarket } from '@helios/market-data/recorded-market.ts';
import { REPLACED_NAMES } from '@helios/shared/domain/settings/former-names.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { nearestHint } from '@helios/shared/runtime/cli/nearest-name.mjs';
import { readTime } from '@helios/shared/runtime/cli/read-time.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { ALL_SETTINGS } from '@helios/shared/runtime/config/setting-names.ts';
import { SettingsError } from '@helios/shared/runtime/config/settings-error.ts';
import { NO_MODEL_DIR } from '@helios/shared/runtime/read-model-folder.ts';
import { type KlineOptions, readKlineOptions } from './klines/read-kline-options.ts';
import { USUAL_FUNDING_RATE } from './models/assumed-funding.ts';
import type { LatencyModel } from './models/order-latency.ts';
import { readLatency } from './models/read-latency.ts';
import { type ChosenModels, readVenueModels } from './models/read-venue-models.ts';
import type { RunProgress } from './progress/progress-line.ts';
import { realPlaceOf } from './report/report-file.ts';

/** What a backtest plays, and with which settings. */
export interface BacktestOptions {
  /** KLINES: CSV files of candles. TRADES: those of trades. RECORDINGS: messages of the venue. CACHE: what an import made. */
  readonly kind: 'RECORDINGS' | 'KLINES' | 'TRADES' | 'CACHE';
  readonly files: readonly string[];
  readonly market: RecordedMarket;
  /** Bounds of market time, epoch ms; events outside are not played. */
  readonly fromTs: number;
  readonly toTs: number;
  readonly settings: Settings;
  readonly changed: Readonly<Record<string, string>>;
  readonly latency: LatencyModel;
  /** Assumed where the data announce no funding: fraction of the value per eight hours. */
  readonly fundingRate: number;
  /** Queue, impact and fills; those of paper trading by default. */
  readonly venueModels?: ChosenModels;
  /** How candles are played, and which ones warm the indicators. */
  readonly klines?: KlineOptions;
  /** Sees how far the run is. */
  readonly progress?: RunProgress;
}

interface Place {
  /** Base folder of relative file names. */
  readonly cwd: string;
  /** Folder of `.env` and `config/config.ini`. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly nowMs: number;
}

/**
 * The options of `npm run backtest`. The settings are those of the fleet, changed by --profile, --mode and --set.
 * @throws CommandLineError for options that do not fit together
 * @throws SettingsError for a value that a setting does not take
 */
export function readBacktestOptions(line: CommandLine, { cwd, root, env, nowMs }: Place): BacktestOptions {
  const files = line.texts('data').map((file) => resolve(cwd, file));
  if (files.length === 0) throw line.problem('Name the recordings to play: --data FILE…');
  refuseTwice(line, files);
  const kind = kindOf(line, files);
  const changed = { ...(kind === 'KLINES' && FOR_KLINES), ...readChanges(line, cwd) };
  const fromTs = readTime(line, 'from', nowMs) ?? Number.NEGATIVE_INFINITY;
  const toTs = readTime(line, 'to', nowMs) ?? Number.POSITIVE_INFINITY;
  if (fromTs >= toTs) throw line.problem('--from must be earlier than --to.');
  const settings = settingsWith(line, changed, env, root);
  const models = {
    latency: readLatency(line, cwd),
    fundingRate: readFundingRate(line),
    venueModels: readVenueModels(line),
    klines: readKlineOptions(line, cwd),
  };
  if (models.klines.detail.length > 0 && kind !== 'KLINES')
    throw line.problem(
      '--detail gives the way of the price inside longer candles: --data must name candles (.csv, .csv.gz).',
    );
  return { kind, files, market: readMarket(line), fromTs, toTs, settings, changed, ...models };
}

/** Four made-up books a minute cannot confirm a trigger within seconds. Their spread is 3 bp rounded up to ticks, and must pass. */
const FOR_KLINES: Readonly<Record<string, string>> = {
  'signals.confirmation_count': '1',
  'signals.max_entry_spread_bp': '4',
};

/** `--funding-rate` is in percent. */
function readFundingRate(line: CommandLine): number {
  return line.number('funding-rate', { fallback: 100 * USUAL_FUNDING_RATE, min: -3, max: 3 }) / 100;
}

/** @throws CommandLineError for a file that is named twice: its trades would count twice */
export function refuseTwice(line: CommandLine, files: readonly string[]): void {
  const twice = files.find((file, at) => files.findIndex((other) => realPlaceOf(other) === realPlaceOf(file)) < at);
  if (twice !== undefined) throw line.problem(`${twice} is named twice. Name each file once.`);
}

/** Candles are CSV files, and those of the archive that name trades hold trades; everything but a cache counts as a recording. */
function kindOf(line: CommandLine, files: readonly string[]): BacktestOptions['kind'] {
  const caches = files.filter((file) => file.endsWith(CACHE_ENDING));
  if (caches.length > 0 && caches.length < files.length)
    throw line.problem(
      `--data takes caches (${CACHE_ENDING}) or other files, not both. Import the others first: npm run data -- import FILE… --out FILE.`,
    );
  if (caches.length > 0) return 'CACHE';
  const tables = files.filter((file) => /\.csv(?:\.gz)?$/i.test(file));
  const trades = tables.filter((file) => /-(?:agg)?trades-/i.test(basename(file)));
  if (tables.length === 0) return 'RECORDINGS';
  if (trades.length === files.length) return 'TRADES';
  if (tables.length === files.length && trades.length === 0) return 'KLINES';
  throw line.problem(
    '--data takes recordings, candles (.csv, .csv.gz) or trades (…-aggTrades-….csv), one kind of them.',
  );
}

/** The recorded market of --market. @throws CommandLineError for an unknown one */
export function readMarket(line: CommandLine): RecordedMarket {
  const market = line.text('market') ?? 'usdm';
  if (market === 'usdm' || market === 'spot') return market;
  throw line.problem(`--market must be usdm or spot, not ${market}.`);
}

/** Changed settings, `section.key` to text. */
function readChanges(line: CommandLine, cwd: string): Readonly<Record<string, string>> {
  const changed: Record<string, string> = {};
  for (const text of line.texts('set')) {
    const [path = '', ...rest] = text.split('=');
    // An empty text unsets a setting without a default; for another one it would mean its default.
    const setting = ALL_SETTINGS.find((named) => named.path === path)?.setting;
    const isUnset = rest.join('=').trim() === '' && (setting === undefined || setting.default !== undefined);
    if (rest.length === 0 || isUnset) throw line.problem(`--set needs section.key=value, not “${text}”.`);
    const paths = ALL_SETTINGS.map((named) => named.path);
    const replaced = REPLACED_NAMES[path];
    if (replaced !== undefined) throw line.problem(`--set: ${path} is now ${replaced.by}: ${replaced.because}.`);
    if (!paths.includes(path))
      throw line.problem(
        `--set: there is no setting “${path}”.${nearestHint(path, paths)} docs/configuration.md has all.`,
      );
    changed[path] = rest.join('=');
  }
  const profile = line.text('profile');
  const mode = line.text('mode');
  const model = line.text('model');
  if (profile !== undefined) changed['simulation.profile'] = profile;
  if (mode !== undefined) changed['simulation.mode'] = mode;
  if (model !== undefined) changed['signals.model_dir'] = model === NO_MODEL_DIR ? model : resolve(cwd, model);
  return changed;
}

/** The settings with these changes. A fault in a change names the option that was typed. @throws SettingsError */
function settingsWith(
  line: CommandLine,
  changed: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv,
  root: string,
) {
  const names = asEnvironment(changed);
  try {
    return loadSettings({ env: { ...env, ...names }, root }).settings;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const options = new Map(
      Object.keys(changed).map((path, n) => [`environment ${Object.keys(names)[n]}`, typedOption(line, path)]),
    );
    const faults = error.faults.map((fault) => ({ ...fault, where: options.get(fault.where) ?? fault.where }));
    throw new SettingsError(faults, error.loaded);
  }
}

/** The option by which the command line changes a setting. */
function typedOption(line: CommandLine, path: string): string {
  const option = { 'simulation.profile': 'profile', 'simulation.mode': 'mode', 'signals.model_dir': 'model' }[path];
  return option !== undefined && line.has(option) ? `--${option}` : `--set ${path}`;
}

/** The environment is the strongest source of a setting, so it carries the changes. */
function asEnvironment(changed: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(changed).map(([path, text]) => [path.replace('.', '_').toUpperCase(), text]),
  );
}
