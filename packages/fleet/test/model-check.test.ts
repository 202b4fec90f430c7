import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { T0 } from '@helios/shared/testing/builders.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MADE_NAMES, madeFolder } from '../../core/test/model/made-model.ts';
import { checkModelFiles } from '../src/doctor/model-check.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-model-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (change: Parameters<typeof madeFolder>[0] = {}) => {
  for (const { name, text = '' } of madeFolder(change)) writeFileSync(join(folder, name), text);
};
const found = async (nowMs = T0) => {
  const { outcome, detail } = await checkModelFiles(folder, nowMs);
  return `${outcome} ${detail}`;
};

test('the doctor says which model a fleet will use, and how much it knows', async () => {
  expect(await checkModelFiles(undefined, T0)).toMatchObject({ outcome: 'OK', detail: 'none (signals.model_dir)' });
  expect(await found()).toBe(`OK none in ${folder}`);
  expect(await checkModelFiles(folder, T0, true)).toMatchObject({ outcome: 'NOTE', detail: `none in ${folder}` });
  write();
  expect(await found()).toBe('OK made-1 knows 2 of 2 features, may speak on every symbol');
  expect(await found(T0 + 90_000_000)).toBe('NOTE made-1 knows 2 of 2 features, and has expired');
  const bins = { min: 0, max: 0, edges: [], shares: [1], psi_limit: 0.25 };
  write({ inputs: MADE_NAMES.map((name, n) => ({ name, ...bins, missing: 1 - n })) });
  expect(await found()).toBe('NOTE made-1 knows 1 of 2 features (no books), may speak on every symbol');
  write({ speaks: { probability: [], move: 'ALL', why: 'Worth nothing.' } });
  expect(await found()).toBe('NOTE made-1 knows 2 of 2 features, and gives no probability: Worth nothing.');
});

test('the doctor names the symbols on which the model may speak', async () => {
  const speaksOn = (symbols: string[]) => ({ speaks: { probability: symbols, move: 'ALL', why: 'It pays.' } as const });
  write(speaksOn(['BTCUSDT', 'ETHUSDT']));
  expect(await found()).toBe('OK made-1 knows 2 of 2 features, may speak on BTCUSDT, ETHUSDT alone');
  write(speaksOn(['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((letter) => `${letter}USDT`)));
  expect(await found()).toMatch(/, may speak on AUSDT, BUSDT, CUSDT, DUSDT, EUSDT and 2 more alone$/);
});

test('files that signal-engine refuses are a note with its reason', async () => {
  write({ feature_set: 'helios-0' });
  expect(await found()).toMatch(/^NOTE .* is refused: .*helios-0/);
});
