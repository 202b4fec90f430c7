import { join, resolve } from 'node:path';
import { readBacktestOptions } from '@helios/backtest/backtest-options.ts';
import type { ProgressLine } from '@helios/backtest/progress/progress-line.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { PLAY_OPTIONS } from '@helios/shared/runtime/cli/data-command-specs.mjs';
import { NO_MODEL_DIR } from '@helios/shared/runtime/read-model-folder.ts';
import { FileHashes } from '../file-hashes.ts';
import type { CardSource } from './report/model-card.ts';
import { CollectedRows } from './rows/collected-rows.ts';
import { playCandidates } from './rows/play-candidates.ts';
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
  /** Rows that were left out because another one of their symbol came shortly before. */
  readonly tooClose: number;
  /** What was assumed where the market data are silent; one sentence each. */
  readonly assumptions: readonly string[];
  readonly sources: readonly CardSource[];
  /** Settings of the run that differ from the defaults. */
  readonly settings: Readonly<Record<string, string>>;
  /** What the operator should know about the files. */
  readonly remarks: readonly string[];
}

const NOTHING_PLAYED: Pick<PreparedRows, 'settings' | 'assumptions'> = { settings: {}, assumptions: [] };

/** Reads and plays everything that the command line names. Rejects with TooFewRows, UnreadableRows, TrainingStopped and as `openData`. */
export async function prepareRows(line: CommandLine, options: TrainOptions, place: TrainPlace): Promise<PreparedRows> {
  const collected = new CollectedRows(options.apartMs);
  const remarks: string[] = [];
  const hashes = new FileHashes();
  const sources: CardSource[] = [];
  for (const file of options.ledger) {
    sources.push({ name: nameOf(file), sha256: await hashes.ofNamed(file) });
    const { rows, isTorn } = await readRowFile(file, place.nowMs);
    for (const row of rows) collected.add(row);
    if (isTorn) remarks.push(`${file} ends in the middle of a line; that line is left out.`);
  }
  const played = options.hasData
    ? await play(line, options.apartMs, place, hashes, collected, sources)
    : NOTHING_PLAYED;
  const set = collected.set();
  const { duplicates, tooClose } = collected;
  return { set, duplicates, tooClose, sources, remarks, ...played };
}

async function play(
  line: CommandLine,
  apartMs: number,
  place: TrainPlace,
  hashes: FileHashes,
  collected: CollectedRows,
  sources: CardSource[],
): Promise<Pick<PreparedRows, 'settings' | 'assumptions'>> {
  const options = readBacktestOptions(line, place);
  const model = line.text('model') ?? NO_MODEL_DIR;
  if (model !== NO_MODEL_DIR) throw line.problem('A training asks no model: leave --model out.');
  const named = Object.entries(PLAY_OPTIONS).filter(([option]) => line.has(option));
  const texts: Record<string, readonly string[]> = {};
  for (const [option, { value }] of named) {
    texts[option] = line.texts(option);
    if (value !== 'FILE') continue;
    texts[option] = await Promise.all(line.texts(option).map((file) => hashes.ofNamed(resolve(place.cwd, file))));
    sources.push(...line.texts(option).map((file, n) => ({ name: nameOf(file), sha256: texts[option]?.[n] ?? '' })));
  }
  const assumptions = await playCandidates(
    {
      ...{ options, texts, apartMs, folder: join(place.kept, 'rows') },
      ...{ progress: place.progress, signal: place.signal },
    },
    (row) => collected.add(row),
  );
  return { settings: options.changed, assumptions };
}

const nameOf = (file: string) => file.slice(file.lastIndexOf('/') + 1);
