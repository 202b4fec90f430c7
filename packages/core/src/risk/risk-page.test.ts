import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { RiskRule } from '@helios/shared/domain/risk-rule.ts';
import { SETTINGS } from '@helios/shared/domain/settings.ts';
import { expect, test } from 'vitest';

const page = readFileSync(resolve(import.meta.dirname, '../../../../docs/risk.md'), 'utf8');

test('docs/risk.md has a row for each rule, in the order in which they are checked', () => {
  const rules = page.slice(0, page.indexOf('## Locks'));
  expect([...rules.matchAll(/^\| ([A-Z_]+) \|/gm)].map(([, rule]) => rule)).toEqual(RiskRule.options);
});

test('docs/risk.md names only settings that exist', () => {
  const names = [...page.matchAll(/`(risk|protections|trading|signals|simulation)\.([a-z_]+)/g)];
  expect(names.length).toBeGreaterThan(12);
  for (const [, section = '', key = ''] of names) {
    expect(Object.keys(SETTINGS[section as keyof typeof SETTINGS]), `${section}.${key}`).toContain(key);
  }
});
