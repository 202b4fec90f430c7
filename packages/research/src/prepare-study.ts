import { resolve } from 'node:path';
import { type BacktestOptions, readBacktestOptions } from '@helios/backtest/backtest-options.ts';
import { REPORTED_SECTIONS } from '@helios/backtest/backtest-result.ts';
import { usualWarmUpMs } from '@helios/backtest/checks/warm-up.ts';
import { openData } from '@helios/backtest/data/open-data.ts';
import type { PlayableData } from '@helios/backtest/data/playable-data.ts';
import { valueText } from '@helios/shared/domain/settings/setting.ts';
import { SETTINGS, type Settings } from '@helios/shared/domain/settings.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { PLAY_OPTIONS } from '@helios/shared/runtime/cli/data-command-specs.mjs';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { codeHash } from './code-hash.ts';
import type { FileHashes } from './file-hashes.ts';
import { longestHoldMs } from './longest-hold.ts';
import { readSearchOptions, type SearchOptions } from './search-options.ts';
import type { StudyPlan } from './study.ts';
import type { DataPart, TrialFile } from './trial.ts';
import { trialModelFiles } from './trial-model.ts';
import { foldsOf, type MarketWindow } from './walk-forward/folds.ts';
import { wholeOf } from './walk-forward/trial-summary.ts';

/** Where the command was typed, and when. */
export interface StudyPlace {
  readonly cwd: string;
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly nowMs: number;
}

/** Nothing can be searched on these data. */
class TooLittleData extends HopelessStart {
  constructor(what: string) {
    super(`${what} Name more data, or an earlier --from.`);
    this.name = 'TooLittleData';
  }
}

/**
 * Reads the command line and the data of a search. Rejects with CommandLineError, SettingsError, TooLittleData, and as `openData`.
 * @param hashes of files that are known from before
 */
export async function prepareStudy(line: CommandLine, place: StudyPlace, hashes: FileHashes): Promise<StudyPlan> {
  const options = readBacktestOptions(line, place);
  const search = readSearchOptions(line, options.settings);
  const files = [
    ...(await hashedFiles(line, options, place.cwd, hashes)),
    ...(await trialModelFiles(options.settings, MODEL_SETTING in options.changed)),
  ];
  const span = await spanOf(await openData(options), options);
  const data: DataPart = { files, options: passedOptions(line), fromTs: span.fromTs, toTs: span.toTs };
  const base = baseSettings(options);
  const judging = { ...search.judging, whole: wholeOf(data), folds: foldsIn(data, search, options.settings) };
  return { ...search.plan, base, data, codeHash: codeHash(), judging };
}

function foldsIn(data: DataPart, search: SearchOptions, settings: Settings) {
  const embargoMs = search.embargoMs ?? longestHoldMs(settings, search.plan.dimensions);
  const folds = foldsOf(wholeOf(data), search.folds, embargoMs);
  const isTooShort = folds.some(({ training }) => training.toTs - training.fromTs < embargoMs);
  if (!isTooShort) return folds;
  const hours = (embargoMs / 3_600_000).toFixed(1);
  const why = search.embargoMs === undefined ? 'the longest holding time' : 'as --embargo says';
  throw new TooLittleData(
    `The data are too short for ${search.folds} folds with ${hours} h between training and test, ${why}.`,
  );
}

const SETTINGS_OPTIONS: ReadonlySet<string> = new Set(['data', 'set', 'profile', 'mode', 'model', 'from', 'to']);

/** Options of the played data that are no settings and no files. */
function passedOptions(line: CommandLine): Record<string, string> {
  const passed = Object.entries(PLAY_OPTIONS).filter(
    ([option, { value }]) => !SETTINGS_OPTIONS.has(option) && value !== 'FILE' && line.has(option),
  );
  return Object.fromEntries(passed.map(([option]) => [option, line.text(option) ?? '']));
}

async function hashedFiles(
  line: CommandLine,
  { files }: BacktestOptions,
  cwd: string,
  hashes: FileHashes,
): Promise<TrialFile[]> {
  const others = Object.entries(PLAY_OPTIONS).flatMap(([option, { value }]) => {
    const texts = option !== 'data' && value === 'FILE' ? line.texts(option) : [];
    return texts.map((text) => ({ option, path: resolve(cwd, text) }));
  });
  const named = [...files.map((path) => ({ option: 'data', path })), ...others];
  return await Promise.all(named.map(async (file) => ({ ...file, sha256: await hashes.ofNamed(file.path) })));
}

/** A folder of this machine: the files of a trial hold its content instead. */
const MODEL_SETTING = 'signals.model_dir';

/** The settings without the search. One that the command line names stays even at its default: candles have other ones. */
function baseSettings({ settings, changed }: BacktestOptions): Record<string, string> {
  const entries = REPORTED_SECTIONS.flatMap((section) =>
    Object.entries(settings[section]).flatMap(([key, value]) => {
      const path = `${section}.${key}`;
      const standard = (SETTINGS[section] as Readonly<Record<string, { readonly default: unknown }>>)[key]?.default;
      const isUsual = valueText(value) === valueText(standard as typeof value) && !(path in changed);
      return isUsual || path === MODEL_SETTING ? [] : [[path, valueText(value)] as const];
    }),
  );
  return Object.fromEntries(entries);
}

/** From the end of the warm-up to the last event. Decodes the data once. */
async function spanOf(data: PlayableData, { fromTs, toTs }: BacktestOptions): Promise<MarketWindow> {
  let first: number | undefined;
  let last = 0;
  const target = {
    onFrame(events: readonly { readonly ts_event: number }[]) {
      for (const { ts_event } of events) {
        first ??= ts_event;
        last = Math.max(last, ts_event);
      }
    },
    sideOf: () => undefined,
  };
  await data.play(target, { toTs });
  if (first === undefined) throw new TooLittleData('The data hold no market event before --to.');
  const from = Math.max(first, fromTs === Number.NEGATIVE_INFINITY ? first + usualWarmUpMs(first, last) : fromTs);
  if (from >= last) throw new TooLittleData('No data are left after --from.');
  return { fromTs: Math.round(from), toTs: Math.round(last) };
}
