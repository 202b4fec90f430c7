import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { noteUse } from './prune-folder.ts';

const [zip, unzip] = [promisify(gzip), promisify(gunzip)];
const ENDING = '.json.gz';

/** What a training took from earlier runs. */
export interface StepCounts {
  readonly served: number;
  readonly computed: number;
  /** The first reason why a step could not be kept. */
  readonly problem: string | undefined;
}

/** Finished steps of trainings in a folder, one file each, found by the hash of everything that decides their result. */
export class StepStore {
  readonly #folder: string;
  /** Hash of rows, code and parameters. */
  readonly #base: string;
  #counts: StepCounts = { served: 0, computed: 0, problem: undefined };

  constructor(folder: string, base: string) {
    this.#folder = folder;
    this.#base = base;
  }

  get counts(): StepCounts {
    return this.#counts;
  }

  /** The result of a step, which must survive JSON: the kept one, or that of `compute`. A damaged file is computed again. */
  async once<Result>(name: string, compute: () => Promise<Result>): Promise<Result> {
    const key = createHash('sha256').update(`${this.#base}\n${name}`).digest('hex');
    const file = join(this.#folder, `${key}${ENDING}`);
    const kept = await keptIn<Result>(file, key);
    if (kept !== undefined) {
      await noteUse(file);
      this.#counts = { ...this.#counts, served: this.#counts.served + 1 };
      return kept.result;
    }
    const result = await compute();
    this.#counts = { ...this.#counts, computed: this.#counts.computed + 1 };
    // A full disk ends no training: a later one only computes the step again.
    await write(file, key, result).catch((error: Error) => {
      this.#counts = { ...this.#counts, problem: this.#counts.problem ?? error.message };
    });
    return result;
  }
}

async function keptIn<Result>(file: string, key: string): Promise<{ readonly result: Result } | undefined> {
  try {
    // The checksum of gzip finds a changed byte.
    const kept = JSON.parse((await unzip(await readFile(file))).toString()) as { key: string; result: Result };
    return kept.key === key ? kept : undefined;
  } catch {
    // Missing or damaged: nothing is lost, the step is computed.
    return undefined;
  }
}

async function write(file: string, key: string, result: unknown): Promise<void> {
  const draft = `${file}.${process.pid}.part`;
  await mkdir(join(file, '..'), { recursive: true });
  try {
    await writeFile(draft, await zip(JSON.stringify({ key, result }), { level: 1 }));
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
