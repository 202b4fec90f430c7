import { resolve } from 'node:path';
import { customVenueOf } from '@helios/binance/custom-venue.ts';
import { DEFAULT_SYMBOLS } from '@helios/core/selection/default-symbols.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { typedFolder } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import type { RecordingLimits } from './recording-folder.ts';
import { recordingFolder, recordingLimits } from './recording-place.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
/** Longer than timers can wait, 24 days. */
const MAX_MINUTES = 30_000;

/** What `npm run record` records, and where. */
export interface RecordOptions {
  readonly symbols: readonly string[];
  readonly network: 'mainnet' | 'testnet';
  /** Absolute path. */
  readonly folder: string;
  readonly limits: RecordingLimits;
  /** Length of the recording; the maximum of a timer without --minutes. */
  readonly lastsMs: number;
  readonly settings: Pick<Settings, 'binance' | 'polling'>;
}

/**
 * The options of `npm run record`, with the settings of the fleet.
 * @throws CommandLineError for options that do not fit
 * @throws SettingsError for faults in the settings
 */
export function readRecordOptions(line: CommandLine, env: NodeJS.ProcessEnv): RecordOptions {
  const { settings } = loadSettings({ env, root: ROOT });
  const network = line.text('network') ?? 'mainnet';
  if (network !== 'mainnet' && network !== 'testnet')
    throw line.problem(`--network must be mainnet or testnet, not ${network}.`);
  const { rest_url, stream_url } = settings.binance;
  const isHalfCustom =
    (rest_url === '') !== (stream_url === '') && customVenueOf(network, settings.binance) !== undefined;
  if (isHalfCustom) throw new HopelessStart('Set binance.rest_url and binance.stream_url both, or neither of them.');
  const out = line.text('out');
  const minutes = line.number('minutes', { fallback: MAX_MINUTES, min: 0.01, max: MAX_MINUTES });
  return {
    symbols: symbolsOf(line, settings.trading.symbols),
    network,
    folder: out === undefined ? recordingFolder(settings, network, ROOT) : resolve(typedFolder(), out),
    limits: recordingLimits(settings.recording),
    lastsMs: minutes * 60_000,
    settings,
  };
}

function symbolsOf(line: CommandLine, configured: readonly string[]): readonly string[] {
  const typed = line
    .text('symbols')
    ?.toUpperCase()
    .split(',')
    .map((symbol) => symbol.trim());
  const bad = typed?.find((symbol) => !/^[A-Z0-9_]{2,30}$/.test(symbol));
  if (bad !== undefined) throw line.problem(`--symbols: “${bad}” is not a symbol such as BTCUSDT.`);
  const symbols = typed ?? (configured.length > 0 ? configured : DEFAULT_SYMBOLS);
  return [...new Set(symbols)];
}
