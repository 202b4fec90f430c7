import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../../..');
const SOURCES = globSync(['{packages,services}/*/{src,test}/**/*.ts', 'tests/**/*.ts'], { cwd: ROOT });
const HOOK = /^(?:before|after)(?:All|Each)\(|^onTest(?:Finished|Failed)\(|^vi\./m;

// The files of a worker share its modules. Such a hook would run only for the first file that imports it.
it('no shared test module registers a hook when it is loaded', () => {
  const shared = SOURCES.filter((file) => !file.endsWith('.test.ts'));
  expect(shared.length).toBeGreaterThan(100);
  expect(shared.filter((file) => HOOK.test(readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
});
