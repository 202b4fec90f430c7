import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8');
const runbook = read('docs/runbook.md');
const codesIn = (text: string): Set<string> => new Set(text.match(/`[A-Z][A-Z_]+`/g) ?? []);

test('the runbook has a row for each alert of docs/alerts.md, and no other', () => {
  const alerts = [...read('docs/alerts.md').matchAll(/^\| (`[A-Z_]+`) \| (?:CRITICAL|WARNING|INFO) /gm)].map(
    ([, code = '']) => code,
  );
  expect(alerts.length).toBeGreaterThan(30);
  const tables = runbook.slice(runbook.indexOf('## Alerts of live'), runbook.indexOf('## Why it does not enter'));
  const cells = tables.split('\n').map((line) => line.split('|')[1] ?? '');
  const rows = new Set(cells.flatMap((cell) => [...codesIn(cell)]));
  expect([...rows].sort()).toEqual([...new Set(alerts)].sort());
});

test('the runbook explains every reason for which no entry is possible', () => {
  const sources = ['packages/core/src/live/entry-checks.ts', 'services/execution-manager/src/process-blocks.ts'];
  const codes = sources.flatMap((path) => [...read(path).matchAll(/blocks\.push\(\{\s*code: '([A-Z_]+)'/g)]);
  expect(codes.length).toBeGreaterThan(7);
  for (const [, code] of codes) expect(runbook).toContain(`| \`${code}\` |`);
});
