import { writeRecording } from '@helios/market-data/recording-writer.ts';
import { framesUntil } from './frames-until.ts';
import { createGeneratorSource, type GeneratorOptions } from './generator-source.ts';

/** 2023-11-14T22:13:20Z: any fixed time will do, and the same one gives the same recording. */
const USUAL_START_MS = 1_700_000_000_000;

/** Which piece of the made-up market to write, and where. */
export interface GeneratedRecording extends Omit<GeneratorOptions, 'startMs'> {
  /** Gzipped where the name ends in `.gz`. */
  readonly file: string;
  readonly seconds: number;
  /** Epoch ms; a fixed day in 2023 unless told. */
  readonly startMs?: number;
}

/**
 * Writes the generator's first `seconds` as a recording: the twin of a real one, for those who have none.
 * Resolves when the file is complete; rejects with the system's error.
 */
export async function writeGeneratedRecording(options: GeneratedRecording): Promise<void> {
  const { file, seconds, startMs = USUAL_START_MS, ...market } = options;
  const source = createGeneratorSource({ ...market, startMs });
  await writeRecording(file, framesUntil(source, startMs + seconds * 1_000));
}
