import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { FEATURE_ABOUT, FEATURE_NAMES, FEATURE_SET, FEATURE_SIGNED, SEQUENCE } from './features.ts';

test('pins names, order and signs to the version of the set', () => {
  const content = JSON.stringify([FEATURE_NAMES, FEATURE_SIGNED, SEQUENCE]);
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 16);
  // A changed digest needs a new version: models of the old set must be refused.
  expect([FEATURE_SET, FEATURE_NAMES.length, digest]).toEqual(['helios-1', 49, 'b345369baf521b22']);
});

test('gives each feature one name and one sentence', () => {
  expect(new Set(FEATURE_NAMES).size).toBe(FEATURE_NAMES.length);
  expect(FEATURE_NAMES.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
  expect(FEATURE_ABOUT.filter((about) => !about.endsWith('.'))).toEqual([]);
  expect(SEQUENCE.about).toHaveLength(SEQUENCE.columns.length);
  expect(SEQUENCE.isSigned).toHaveLength(SEQUENCE.columns.length);
});
