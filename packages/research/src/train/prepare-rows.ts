import { join, resolve } from 'node:path';
import { readBacktestOptions } from '@helios/backtest/backtest-options.ts';
import { openData } from '@helios/backtest/data/open-data.ts';
import type { ProgressLine } from '@helios/backtest/progress/progress-line.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { PLAY_OPTIONS } from '@helios/shared/runtime/cli/data-command-specs.mjs';
import { codeHash } from '../code-hash.ts';
import { FileHashes } from '../file-hashes.ts';
import { trainingRows } from '../training-rows.ts';
import type { CardSource } from './report/model-card.ts';
import { CollectedRows } from './rows/collected-rows.ts';
import { playedRows } from './rows/played-rows.ts';
import { readRowFile } from './rows/read-row-file.ts';
import type { TrainingSet } from './rows/training-set.ts';
import type { TrainOptions } from './train-options.ts';

/** Where the command was typed, and what it shows. */
export interface TrainPlace {
  readonly cwd: string;
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly nowMs: number;
  /** Folder of kept rows and steps. */
  readonly kept: string;
  readonly progress: ProgressLine;
  readonly signal: AbortSignal;
}

/** The rows of a training with their origin. */
export interface PreparedRows {
  readonly set: TrainingSet;
  readonly duplicates: number;
  /** Rows that were left out because their outcome reaches across a gap of the data. */
  readonly acrossGaps: number;
  readonly sources: readonly CardSource[];
  /** Settings of the run that differ from the defaults. */
  readonly settings: Readonly<Record<string, string>>;
  /** What the operator should know about the files. */
  readonly remarks: readonly string[];
}

/** Reads and plays everything that the command line names. Rejects with TooFewRows, UnreadableRows, TrainingStopped and as `openData`. */
export async function prepareRows(line: CommandLine, options: TrainOptions, place: TrainPlace): Promise<PreparedRows> {
  const collected = new CollectedRows();
  const remarks: string[] = [];
  const hashes = new FileHashes();
  const sources: CardSource[] = [];
  for (const file of options.ledger) {
    const { rows, isTorn } = await readRowFile(file);
    for (const row of rows) collected.add(row);
    if (isTorn) remarks.push(`${file} ends in the middle of a line; that line is left out.`);
    sources.push({ name: nameOf(file), sha256: await hashes.of(file) });
  }
  const settings = options.hasData ? await play(line, place, hashes, collected, sources) : {};
  const set = collected.set();
  const { duplicates, acrossGaps } = collected;
  return { set, duplicates, acrossGaps, sources, settings, remarks };
}

async function play(
  line: CommandLine,
  place: TrainPlace,
  hashes: FileHashes,
  collected: CollectedRows,
  sources: CardSource[],
): Promise<Readonly<Record<string, string>>> {
  const options = { ...readBacktestOptions(line, place), progress: place.progress };
  const named = Object.entries(PLAY_OPTIONS).filter(([option]) => line.has(option));
  const texts: Record<string, readonly string[]> = {};
  for (const [option, { value }] of named) {
    texts[option] = line.texts(option);
    if (value !== 'FILE') continue;
    texts[option] = await Promise.all(line.texts(option).map((file) => hashes.of(resolve(place.cwd, file))));
    sources.push(...line.texts(option).map((file, n) => ({ name: nameOf(file), sha256: texts[option]?.[n] ?? '' })));
  }
  place.progress.begin('Candidates of the market data');
  const rows = await playedRows({
    folder: join(place.kept, 'rows'),
    key: { code: codeHash(), texts, settings: options.settings, fromTs: options.fromTs, toTs: options.toTs },
    play: async function* () {
      yield* trainingRows(await openData(options), options);
    },
    signal: place.signal,
  });
  for (const row of rows) collected.add(row);
  return options.changed;
}

const nameOf = (file: string) => file.slice(file.lastIndexOf('/') + 1);
