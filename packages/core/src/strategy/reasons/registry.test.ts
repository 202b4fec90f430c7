import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { REASONS } from './registry.ts';

test('the documentation lists exactly these reasons in the same words', () => {
  const page = readFileSync(new URL('../../../../../docs/strategy.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| ([A-Z_]+) \| (.+?) \| .+ \|$/gm)].map(([, code, about]) => ({ code, about }));
  expect(rows).toEqual(Object.values(REASONS).map(({ code, about }) => ({ code, about })));
});
