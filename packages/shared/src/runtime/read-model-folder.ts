import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { MAX_MODEL_FILE_BYTES, type ModelFile, SCALER_FILE, XGB_FILE } from '../domain/model-folder.ts';
import { MANIFEST_FILE } from '../domain/model-manifest.ts';

const PROJECT = resolve(import.meta.dirname, '../../../..');
/** Value of `signals.model_dir` for no model. */
export const NO_MODEL_DIR = 'none';

/** The folder of a setting `signals.model_dir`; undefined for none. */
export function modelFolderOf(dir: string, root = PROJECT): string | undefined {
  return dir === '' || dir === NO_MODEL_DIR ? undefined : resolve(root, dir);
}

/** Reads the files of a model's folder: the content of JSON files that are not too large, and the names of the others. */
export async function readModelFolder(folder: string): Promise<ModelFile[]> {
  const files: ModelFile[] = [];
  for (const name of await namesIn(folder)) {
    const file = await readModelFile(join(folder, name));
    if (file !== undefined) files.push(file);
  }
  return files;
}

/** Reads one file of a model; undefined for a folder. */
export async function readModelFile(path: string): Promise<ModelFile | undefined> {
  const found = await stat(path);
  if (!found.isFile()) return undefined;
  const [name, { size }] = [basename(path), found];
  const isRead = name.endsWith('.json') && size <= MAX_MODEL_FILE_BYTES;
  const bytes = isRead ? await readFile(path) : undefined;
  const sha256 = bytes && createHash('sha256').update(bytes).digest('hex');
  return { name, size, sha256, text: bytes?.toString('utf8') };
}

/**
 * A text that changes with the files that announce a new model: the manifest, which is written last, or without one the files of a
 * user.
 */
export async function modelFolderStamp(folder: string): Promise<string> {
  const names = await namesIn(folder);
  const announcing = names.includes(MANIFEST_FILE) ? [MANIFEST_FILE] : [XGB_FILE, SCALER_FILE];
  const stamps = await Promise.all(
    announcing
      .filter((name) => names.includes(name))
      .map(async (name) => {
        const { size, mtimeMs, ino } = await stat(join(folder, name));
        return `${name} ${size} ${mtimeMs} ${ino}`;
      }),
  );
  return stamps.join('\n');
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
