import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '@helios/shared/runtime/make-folder.ts';
import { z } from 'zod';
import type { DataPart, Trial } from '../trial.ts';
import { MODEL_OPTION } from '../trial-model.ts';

/** What one search tried. */
const Tried = z.strictObject({
  /** SHA-256 of its data files, hex. */
  files: z.array(z.string()),
  /** Hashes of its settings. */
  settings: z.array(z.string()),
});
type Tried = z.infer<typeof Tried>;

const ENDING = '.json';

/**
 * The settings that earlier searches tried, one file for each search, in a folder. They are few bytes, so they stay when stored results
 * are deleted: a later search on the same data has tried more settings, whatever is stored.
 */
export class TriedSettings {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Adds what a search tried, and returns how many other settings earlier searches tried on one of its data files. Rejects with the
   * error of the file system.
   */
  async add({ files }: DataPart, trials: readonly Trial[]): Promise<number> {
    const own: Tried = {
      files: files.filter(({ option }) => option === 'data').map(({ sha256 }) => sha256),
      settings: [...new Set(trials.map(hashOf))].toSorted(),
    };
    const earlier = (await this.#all()).filter((one) => one.files.some((file) => own.files.includes(file)));
    const others = new Set(earlier.flatMap(({ settings }) => settings));
    for (const hash of own.settings) others.delete(hash);
    if (own.settings.length > 0) await this.#write(own);
    return others.size;
  }

  async #all(): Promise<Tried[]> {
    const names = await readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const found: Tried[] = [];
    for (const name of names.filter((one) => one.endsWith(ENDING)))
      found.push(Tried.parse(JSON.parse(await readFile(join(this.#folder, name), 'utf8'))));
    return found;
  }

  /** The name is the hash of the content: the same search writes the same file. */
  async #write(own: Tried): Promise<void> {
    const text = JSON.stringify(own);
    const file = join(this.#folder, `${sha256Of(text).slice(0, 32)}${ENDING}`);
    const draft = `${file}.${process.pid}.part`;
    await makeFolder(this.#folder);
    try {
      await writeFile(draft, text);
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }
}

/** Settings, options and model of a trial; other code or another time make no other setting. */
function hashOf({ settings, data }: Trial): string {
  const sorted = [settings, data.options].map((texts) => Object.entries(texts).toSorted());
  const model = data.files.filter(({ option }) => option === MODEL_OPTION).map(({ sha256 }) => sha256);
  return sha256Of(JSON.stringify(model.length === 0 ? sorted : [...sorted, model])).slice(0, 16);
}

const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex');
