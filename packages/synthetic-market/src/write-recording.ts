import { writeRecording } from '@helios/market-data/recording-writer.ts';
import { framesUntil } from './frames-until.ts';
import { createGeneratorSource, type GeneratorOptions } from './generator-source.ts';

/** 2023-11-14T22:13:20Z. Any fixed time works; the same time gives the same recording. */
const USUAL_START_MS = 1_700_000_000_000;

/** The part of the made-up market to write, and the file. */
export interface GeneratedRecording extends Omit<GeneratorOptions, 'startMs'> {
  /** Gzipped if the name ends in `.gz`. */
  readonly file: string;
  readonly seconds: number;
  /** Epoch ms; default: a fixed day in 2023. */
  readonly startMs?: number;
}

/**
 * Writes the generator's first `seconds` as a recording, for tests without a real recording. Resolves when the file is complete;
 * rejects with the system's error.
 */
export async function writeGeneratedRecording(options: GeneratedRecording): Promise<void> {
  const { file, seconds, startMs = USUAL_START_MS, ...market } = options;
  const source = createGeneratorSource({ ...market, startMs });
  await writeRecording(file, framesUntil(source, startMs + seconds * 1_000));
}
