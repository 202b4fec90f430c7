import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
let folder: string;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** A package as pnpm installs it: in its own place, with a link next to its importer. */
function install(name: string, importer: string): void {
  const own = `node_modules/.pnpm/${name}@1.0.0/node_modules/${name}`;
  write(`${own}/package.json`, JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js' }));
  write(`${own}/index.js`, 'export const made = 1;\n');
  mkdirSync(join(folder, importer, 'node_modules'), { recursive: true });
  symlinkSync(join(folder, own), join(folder, importer, 'node_modules', name));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-boundaries-'));
  for (const name of ['zod', 'ioredis', 'pino']) install(name, 'packages/shared');
  install('zod', 'packages/core');
  install('ioredis', 'services/signal-engine');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Each breach of a rule as `rule: from → npm package or file`. */
function breaches(): string[] {
  const cruiser = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = ['--config', join(ROOT, '.dependency-cruiser.cjs'), '--output-type', 'json', 'packages', 'services'];
  const { summary } = JSON.parse(execFileSync(process.execPath, [cruiser, ...args], { cwd: folder, encoding: 'utf8' }));
  return summary.violations.map(({ rule, from, to }: { rule: { name: string }; from: string; to: string }) => {
    return `${rule.name}: ${from} → ${to.replace(/.*node_modules\/(\w+)\/.*/, '$1')}`;
  });
}

test('an npm package in the wrong place breaks a rule, and so does another service', () => {
  const shared = 'packages/shared/src';
  write(`${shared}/domain/order.ts`, "import 'zod';\nimport 'pino';\n");
  write(`${shared}/domain/fleet.ts`, 'export const Mode = 1;\n');
  write('packages/core/src/decide.ts', `import '../../shared/src/domain/fleet.ts';\nimport 'zod';\n`);
  write(`${shared}/runtime/redis-bus.ts`, "import 'ioredis';\n");
  write('services/signal-engine/src/main.ts', "import 'ioredis';\nimport '../../risk-manager/src/main.ts';\n");
  write('services/risk-manager/src/main.ts', 'export {};\n');
  expect(breaches().toSorted()).toEqual([
    `core-knows-no-mode: packages/core/src/decide.ts → ${shared}/domain/fleet.ts`,
    'core-on-domain: packages/core/src/decide.ts → zod',
    `domain-is-bottom: ${shared}/domain/order.ts → pino`,
    'one-door-to-redis: services/signal-engine/src/main.ts → ioredis',
    'services-stand-alone: services/signal-engine/src/main.ts → services/risk-manager/src/main.ts',
  ]);
});
