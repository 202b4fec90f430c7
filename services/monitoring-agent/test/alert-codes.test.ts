import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ALERTS, alertsTable } from '../src/alert-codes.ts';

const page = readFileSync(new URL('../../../docs/alerts.md', import.meta.url), 'utf8');

test('docs/alerts.md contains the table made from the code, word for word', () => {
  expect(page).toContain(alertsTable());
});

test('docs/alerts.md and the code list the same codes', () => {
  const documented = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
  expect(documented).toEqual(Object.keys(ALERTS));
});

test('each action is written in full sentences', () => {
  for (const { raised, action } of Object.values(ALERTS)) {
    expect(raised).toMatch(/\.$/);
    expect(action).toMatch(/\.$/);
  }
});
