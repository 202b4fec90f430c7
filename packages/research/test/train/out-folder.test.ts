import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { madeFolder } from '../../../core/test/model/made-model.ts';
import { openOutFolder } from '../../src/train/out-folder.ts';
import { exchangeFiles } from '../../src/train/report/exchange-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-out-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
const contentOf = (name: string) => readFileSync(join(folder, name), 'utf8');

test('a training takes an empty folder, a new one, and that of an earlier training', () => {
  expect(openOutFolder(join(folder, 'new', 'one'))).toBeUndefined();
  expect(openOutFolder(folder)).toBeUndefined();
  for (const { name, text = '' } of madeFolder()) put(name, text);
  put('model.pkl', 'converted long ago');
  expect(openOutFolder(folder)).toBeUndefined();
});

test('it replaces neither a model of the user nor a strange manifest, and leaves no folder that a fleet refuses', () => {
  put('xgb_model.json', 'mine');
  expect(openOutFolder(folder)).toContain('a model of your own, which a training would replace');
  put('manifest.json', '{"name":"a web page"}');
  expect(openOutFolder(folder)).toContain('that no training wrote');
  rmSync(join(folder, 'manifest.json'));
  rmSync(join(folder, 'xgb_model.json'));
  put('scaler.pkl', 'x');
  expect(openOutFolder(folder)).toMatch(/scaler\.pkl is a Python pickle[\s\S]*--out/);
});

test('files are exchanged together: a full disk changes none of them', async () => {
  const files = (version: string) => ['trees', 'manifest'].map((name) => ({ name, text: `${version} ${name}` }));
  await exchangeFiles(folder, files('old'));
  // No file can be written where a folder is.
  mkdirSync(join(folder, `manifest.${process.pid}.part`));
  await expect(exchangeFiles(folder, files('new'))).rejects.toThrow(/^EISDIR.* has changed\)$/);
  expect(['trees', 'manifest'].map(contentOf)).toEqual(['old trees', 'old manifest']);
  rmSync(join(folder, `manifest.${process.pid}.part`), { recursive: true });
  // The second one could not be exchanged.
  mkdirSync(join(folder, 'card'));
  const card = { name: 'card', text: 'new card' };
  await expect(exchangeFiles(folder, [...files('new'), card])).rejects.toThrow('card is a folder');
  expect(contentOf('trees')).toBe('old trees');
  rmSync(join(folder, 'card'), { recursive: true });
  await exchangeFiles(folder, files('new'));
  expect(contentOf('trees')).toBe('new trees');
  expect(readdirSync(folder).sort()).toEqual(['manifest', 'trees']);
});

test('a link is replaced, not what it points to', async () => {
  put('mine', 'my own trees');
  symlinkSync(join(folder, 'mine'), join(folder, 'trees'));
  await exchangeFiles(folder, [{ name: 'trees', text: 'new' }]);
  expect(contentOf('mine')).toBe('my own trees');
  expect(contentOf('trees')).toBe('new');
});

test('a model and its new folders are readable for the user of a container, whatever the umask', async () => {
  const before = process.umask(0o077);
  try {
    const out = join(folder, 'new', 'one');
    expect(openOutFolder(out)).toBeUndefined();
    await exchangeFiles(out, [{ name: 'manifest.json', text: '{}' }]);
    const modes = ['new', 'new/one', 'new/one/manifest.json'].map((name) => statSync(join(folder, name)).mode & 0o777);
    expect(modes).toEqual([0o755, 0o755, 0o644]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  } finally {
    process.umask(before);
  }
});

// No one may make a file there, not even root.
test.skipIf(!existsSync('/proc/self/task'))('a folder that takes no file is refused before the training', () => {
  expect(openOutFolder('/proc/self/task')).toMatch(/^Nothing can be written to \/proc\/self\/task: .* --out$/);
});
