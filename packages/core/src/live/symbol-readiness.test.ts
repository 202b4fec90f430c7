import { expect, test } from 'vitest';
import { LiveOutbox } from './live-outbox.ts';
import { SymbolReadiness } from './symbol-readiness.ts';

const SYMBOL = 'BTCUSDT';
const WANTED = { leverage: 5, marginMode: 'ISOLATED' } as const;
const readinessOf = () => new SymbolReadiness(new LiveOutbox(), WANTED);
const refused = { kind: 'SYMBOL_REFUSED', symbol: SYMBOL, detail: 'no' } as const;

test('a symbol that the venue refuses takes no entry for a minute', () => {
  const readiness = readinessOf();
  readiness.onRefused(refused, 1_000);
  expect(readiness.refusal(SYMBOL, 60_999)).toBe('no');
  expect(readiness.refusal(SYMBOL, 61_000)).toBeUndefined();
});

test('without an answer it is asked for again after five seconds', () => {
  const readiness = readinessOf();
  readiness.onRefused({ ...refused, isUnanswered: true }, 1_000);
  expect(readiness.refusal(SYMBOL, 5_999)).toBe('no');
  expect(readiness.refusal(SYMBOL, 6_000)).toBeUndefined();
});

test('a change by another hand ends READY once, and an older answer of the venue ends nothing', () => {
  const readiness = readinessOf();
  const row = { symbol: SYMBOL, leverage: 20 };
  readiness.onReady(SYMBOL, 1_000);
  expect(readiness.onSettings({ symbol: SYMBOL, ...WANTED }, undefined)).toBeUndefined();
  expect(readiness.onSettings(row, 1_000)).toBeUndefined();
  expect(readiness.isReady(SYMBOL)).toBe(true);
  expect(readiness.onSettings({ ...row, marginMode: 'CROSSED' }, 1_001)).toBe(
    'leverage 20, not 5 and CROSSED margin, not ISOLATED',
  );
  expect(readiness.isReady(SYMBOL)).toBe(false);
  expect(readiness.onSettings(row, 2_000)).toBeUndefined();
});

test('a change while the venue verifies the symbol makes Helios verify it again', () => {
  const readiness = readinessOf();
  readiness.prepare(SYMBOL, 0);
  readiness.onSettings({ symbol: SYMBOL, leverage: 20 }, undefined);
  readiness.onReady(SYMBOL, 100);
  expect(readiness.isReady(SYMBOL)).toBe(false);
  readiness.prepare(SYMBOL, 200);
  readiness.onReady(SYMBOL, 300);
  expect(readiness.isReady(SYMBOL)).toBe(true);
});
