import { expect, test } from 'vitest';
import { shippedSettings } from '../testing/builders.ts';
import { isModelExpected } from './read-model-folder.ts';

test.each([
  ['/app/models', ['EXHAUSTION'], false],
  ['/app/models', ['EXHAUSTION', 'MODEL'], true],
  ['/app/mine', ['EXHAUSTION'], true],
] as const)('a model is expected in a chosen folder, and for the reason MODEL: %s %s', (folder, enabled, expected) => {
  expect(isModelExpected(folder, shippedSettings({ reasons: { enabled: [...enabled] } }), '/app')).toBe(expected);
});
