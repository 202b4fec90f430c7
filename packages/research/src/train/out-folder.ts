import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { refuseUnreadable } from '@helios/core/model/python-conversion.ts';
import { XGB_FILE } from '@helios/shared/domain/model-folder.ts';
import { MANIFEST_FILE, ModelManifest } from '@helios/shared/domain/model-manifest.ts';

const READABLE_FOLDER = 0o755;

/**
 * Makes the folder of a trained model. Returns why no model may be written there: it would replace something that no training wrote,
 * nobody lets us write there, or signal-engine would refuse the folder all the same.
 */
export function openOutFolder(folder: string): string | undefined {
  const made = mkdirSync(folder, { recursive: true });
  if (made !== undefined) openFolders(made, folder);
  const unwritable = whyUnwritable(folder);
  if (unwritable !== undefined)
    return `Nothing can be written to ${folder}: ${unwritable}. Give this user the folder, or name another one: --out`;
  const names = readdirSync(folder);
  if (names.includes(MANIFEST_FILE)) {
    if (!isManifest(join(folder, MANIFEST_FILE)))
      return `${folder} has a ${MANIFEST_FILE} that no training wrote, or that is damaged. Name another folder (--out), or move that file away.`;
  } else if (names.includes(XGB_FILE)) {
    return `${folder} has an ${XGB_FILE} without ${MANIFEST_FILE}: a model of your own, which a training would replace. Name another folder (--out), or move your files away.`;
  }
  try {
    const unread = { size: 0, sha256: undefined, text: undefined };
    refuseUnreadable([XGB_FILE, ...names].map((name) => ({ name, ...unread })));
    return undefined;
  } catch (error) {
    return `signal-engine would refuse what a training writes to ${folder}: ${(error as Error).message}\nOr name another folder: --out`;
  }
}

/** Why no file can be made in the folder: after the training it would be late. */
function whyUnwritable(folder: string): string | undefined {
  const draft = join(folder, `${XGB_FILE}.${process.pid}.part`);
  try {
    writeFileSync(draft, '');
    rmSync(draft);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Folders that a training made are for all to read, as its files: signal-engine of a container is another user. */
function openFolders(first: string, last: string): void {
  for (let folder = last; folder.length >= first.length; folder = dirname(folder)) {
    chmodSync(folder, READABLE_FOLDER);
    if (folder === dirname(folder)) return;
  }
}

function isManifest(path: string): boolean {
  try {
    return ModelManifest.safeParse(JSON.parse(readFileSync(path, 'utf8'))).success;
  } catch {
    return false;
  }
}
