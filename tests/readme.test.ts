import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Texts in backticks in the first column of README's troubleshooting table: messages that a user sees, word for word. */
function quotedTroubles(): string[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const section = /^## Troubleshooting$([\s\S]*?)^## /m.exec(readme)?.[1] ?? '';
  const cells = section.split('\n').flatMap((line) => /^\| (.*?) \|/.exec(line)?.[1] ?? []);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].flatMap((match) => match[1] ?? []));
}

test('messages quoted in README are those of the code', () => {
  const files = globSync(['packages/*/src/**/*.ts', 'services/*/src/**/*.ts', 'scripts/**/*.mjs'], { cwd: root });
  const code = files.filter((file) => !file.endsWith('.test.ts')).map((file) => readFileSync(join(root, file), 'utf8'));
  const quoted = quotedTroubles();
  expect(quoted.length).toBeGreaterThan(5);
  const parts = quoted.flatMap((text) => text.split('…').map((part) => part.trim()));
  expect(parts.filter((part) => !code.some((text) => text.includes(part)))).toEqual([]);
});

test('every test named in docs/threats.md exists', () => {
  const named = [...readFileSync(join(root, 'docs/threats.md'), 'utf8').matchAll(/`([\w/.-]+\.test\.ts)`/g)];
  const files = new Set(named.flatMap(([, file = '']) => file));
  expect(files.size).toBeGreaterThan(10);
  expect([...files].filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
