import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { MAX_MODEL_FILE_BYTES, type ModelFile, SCALER_FILE, XGB_FILE } from '../domain/model-folder.ts';
import { MANIFEST_FILE } from '../domain/model-manifest.ts';
import type { Settings } from '../domain/settings.ts';

const PROJECT = resolve(import.meta.dirname, '../../../..');
/** Value of `signals.model_dir` for no model. */
export const NO_MODEL_DIR = 'none';
/** Value of `signals.model_dir` that nobody chose: it may be without a model. */
const DEFAULT_MODEL_DIR = 'models';

/** The folder of a setting `signals.model_dir`; undefined for none. */
export function modelFolderOf(dir: string, root = PROJECT): string | undefined {
  return dir === '' || dir === NO_MODEL_DIR ? undefined : resolve(root, dir);
}

/** True for a folder that somebody chose: without a model in it, its name is probably mistyped. */
export function isChosenModelFolder(folder: string, root = PROJECT): boolean {
  return folder !== modelFolderOf(DEFAULT_MODEL_DIR, root);
}

/** True if a model should be there: somebody chose the folder, or enabled the reason MODEL, which never applies without one. */
export function isModelExpected(folder: string, { reasons }: Pick<Settings, 'reasons'>, root = PROJECT): boolean {
  return isChosenModelFolder(folder, root) || reasons.enabled.includes('MODEL');
}

/**
 * Reads the files of a model's folder: the content of its manifest, of the files that the manifest names and of those of a user, as
 * far as they are not too large; of all others the name alone, because backups of models may fill the memory.
 */
export async function readModelFolder(folder: string): Promise<ModelFile[]> {
  const names = await namesIn(folder);
  const manifest = names.includes(MANIFEST_FILE) ? await readModelFile(join(folder, MANIFEST_FILE)) : undefined;
  const used = new Set([XGB_FILE, SCALER_FILE, ...namedBy(manifest?.text)]);
  const files: ModelFile[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const file = name === MANIFEST_FILE ? manifest : await readModelFile(path, used.has(name));
    if (file !== undefined) files.push(file);
  }
  return files;
}

/** Reads one file of a model; undefined for a folder, and for a file that is gone or a link to nothing. */
export async function readModelFile(path: string, isRead = true): Promise<ModelFile | undefined> {
  const found = await stat(path).catch(unlessMissing);
  if (found?.isFile() !== true) return undefined;
  const [name, { size }] = [basename(path), found];
  if (!isRead || !name.endsWith('.json') || size > MAX_MODEL_FILE_BYTES) {
    return { name, size, sha256: undefined, text: undefined };
  }
  const bytes = await readFile(path).catch(unlessMissing);
  if (bytes === undefined) return undefined;
  return { name, size, sha256: createHash('sha256').update(bytes).digest('hex'), text: bytes.toString('utf8') };
}

/** The names of files in a manifest's text; none in a damaged one, which is refused later. */
function namedBy(manifest: string | undefined): string[] {
  try {
    const { files } = JSON.parse(manifest ?? '') as { readonly files?: Readonly<Record<string, { name?: string }>> };
    return Object.values(files ?? {}).flatMap((file) => file?.name ?? []);
  } catch {
    return [];
  }
}

/** When a model's folder changed. */
export interface ModelFolderStamp {
  /** Changes with the files that announce a new model: the manifest, which is written last, or without one the files of a user. */
  readonly announced: string;
  /** Changes with any file. */
  readonly whole: string;
}

/** The present stamp of a folder. */
export async function modelFolderStamp(folder: string): Promise<ModelFolderStamp> {
  const names = await namesIn(folder);
  const announcing = names.includes(MANIFEST_FILE) ? [MANIFEST_FILE] : [XGB_FILE, SCALER_FILE];
  const stamps = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(unlessMissing);
      const text = found === undefined ? `${name} gone` : `${name} ${found.size} ${found.mtimeMs} ${found.ino}`;
      return { name, text };
    }),
  );
  const textOf = (own: typeof stamps) => own.map(({ text }) => text).join('\n');
  return { announced: textOf(stamps.filter(({ name }) => announcing.includes(name))), whole: textOf(stamps) };
}

/** A file may be renamed or removed after its name was read. */
function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** No folder is an empty folder. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
