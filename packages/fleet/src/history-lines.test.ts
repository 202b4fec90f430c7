import type { Decision } from '@helios/shared/domain/decision.ts';
import { expect, it } from 'vitest';
import { HISTORY_COLUMNS, historyLine, historyRow } from './history-lines.ts';

const CLOSED: Decision = {
  decision_id: 'd1',
  run: 'synthetic:seed=1',
  symbol: 'BTCUSDT',
  direction: 'EXIT_LONG',
  outcome: 'CLOSED',
  timestamp: Date.UTC(2026, 0, 2, 3, 4, 5),
  ts_init: Date.UTC(2026, 0, 2, 3, 4, 5),
  confidence: 0.5,
  nobi_value: 0.1,
  entry_price: 64_000,
  fill_price: 64_001.5,
  reason: 'take profit',
  model: 'none',
  origin: 'ENGINE',
};

it.each([
  [1.234567890123, '1.23457'],
  [-0.000000012345678, '-0.0000000123457'],
  [12_345_678.9, '12345678.9'],
])('a PnL of %d reads %s USDT', (realized_pnl, text) => {
  expect(historyLine({ ...CLOSED, realized_pnl })).toBe(
    `2026-01-02T03:04:05.000Z  BTCUSDT  EXIT_LONG   CLOSED  at 64001.5  PnL ${text} USDT  take profit`,
  );
});

it('a foreign reason cannot clear the screen or begin a line', () => {
  const line = historyLine({ ...CLOSED, reason: '\u001b[2J\nforged \u202e' });
  expect(line).toMatch(/ {2}\\u001b\[2J\\nforged \\u202e$/);
});

it('a CSV row has no control character except its line end, also in a pipe', () => {
  const row = historyRow({ ...CLOSED, reason: '\u001b[2J\r\nforged, \u202e' });
  expect(row).toContain(',"\\u001b[2J\\r\\nforged, \\u202e",');
  expect(row.endsWith('\r\n')).toBe(true);
  expect(row.slice(0, -2)).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
});

it('filters an exit by the origin of its entry, and a record of an earlier version by its own origin', () => {
  const origin = HISTORY_COLUMNS.find(([name]) => name === 'origin')?.[1];
  expect(origin?.({ ...CLOSED, trade_origin: 'EXTERNAL' })).toBe('EXTERNAL');
  expect(origin?.({ ...CLOSED, origin: 'EXTERNAL', trade_origin: 'ENGINE' })).toBe('ENGINE');
  expect(origin?.(CLOSED)).toBe('ENGINE');
});

it('a CSV row shows the order flow beside the imbalance, and an empty cell in records without it', () => {
  const at = HISTORY_COLUMNS.findIndex(([name]) => name === 'nobi_value');
  expect(HISTORY_COLUMNS[at + 1]?.[0]).toBe('order_flow');
  expect(
    historyRow({ ...CLOSED, order_flow: -3.5 })
      .split(',')
      .slice(at, at + 2),
  ).toEqual(['0.1', '-3.5']);
  expect(
    historyRow(CLOSED)
      .split(',')
      .slice(at, at + 2),
  ).toEqual(['0.1', '']);
});
