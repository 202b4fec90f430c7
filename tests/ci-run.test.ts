import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const RUN = resolve(import.meta.dirname, '../.ci/run');
const RESULTS = '{"success":true,"numPassedTests":3,"numFailedTests":0,"numPendingTests":0,"numTodoTests":0}';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-ci-'));
  for (const name of ['bin', 'project/.ci', 'shared/docker']) mkdirSync(join(folder, name), { recursive: true });
  cpSync(RUN, join(folder, 'project/.ci/run'));
  for (const tool of ['bash', 'dirname', 'mkdir', 'rm', 'cat']) {
    const path = execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim();
    symlinkSync(path, join(folder, 'bin', tool));
  }
  symlinkSync(process.execPath, join(folder, 'bin/node'));
  program('id', 'echo 0');
  program('apt-get', 'echo "apt-get $*" >&2');
  // All tests pass, as on a host that skips what it cannot run.
  program('npm', `echo "skip nothing: $HELIOS_SKIP_NOTHING"; echo '${RESULTS}' >.helios/test-results.json`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, script: string, place = 'bin'): void {
  const path = join(folder, place, name);
  writeFileSync(path, `#!/usr/bin/env bash\n${script}\n`);
  chmodSync(path, 0o755);
}

/** Runs it with only the programs in `bin` on the PATH. */
function run() {
  const env = { PATH: join(folder, 'bin') };
  return spawnSync(join(folder, 'bin/bash'), [join(folder, 'project/.ci/run')], { encoding: 'utf8', env });
}

test('a host that can make base images skips nothing, also when making them fails', () => {
  program('base-images.sh', 'exit 1', 'shared/docker');
  const { status, stdout, stderr } = run();
  expect(stdout).toContain('skip nothing: true\n');
  expect(stderr).toContain('base images could not be made');
  expect(stdout).toMatch(/4 passed, 0 failed\n$/);
  expect(status).toBe(0);
});

test('other hosts skip missing parts', () => {
  expect(run().stdout).toContain('skip nothing: \n');
});

test('root installs a missing browser and a missing XGBoost; a failure is reported', () => {
  expect(run().stderr).toMatch(/^apt-get .*install.* libxgboost0$/m);
  expect(run().stderr).toMatch(/^apt-get .*update.*\napt-get .*install.* chromium-headless-shell$/m);
  program('apt-get', 'echo no network >&2; exit 1');
  const failed = run();
  expect(failed.stderr).toContain('no network');
  expect(failed.stderr).toContain('Chromium could not be installed');
  expect(failed.stderr).toContain('libxgboost0 could not be installed');
  expect(failed.stdout).toMatch(/4 passed, 0 failed\n$/);
  program('chromium-headless-shell', 'exit 0');
  program('ldconfig', 'echo "libxgboost.so.0 (libc6,x86-64) => /lib/libxgboost.so.0"');
  expect(run().stderr).not.toContain('apt-get');
});
