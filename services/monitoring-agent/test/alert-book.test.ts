import type { Alert } from '@helios/shared/domain/fleet.ts';
import { expect, test } from 'vitest';
import { createAlertBook } from '../src/alert-book.ts';
import type { Condition } from '../src/alert-codes.ts';

const silent: Condition = {
  code: 'SERVICE_SILENT',
  service: 'signal-engine',
  subject: 'signal-engine',
  message: 'signal-engine has sent no heartbeat for 6 s.',
};
const REPEAT_MS = 60_000;

const stages = (alerts: readonly Alert[]) => alerts.map(({ code, stage }) => `${code} ${stage}`);

test('raised once, repeated after repeat_sec while it lasts, resolved when it is gone', () => {
  const book = createAlertBook(REPEAT_MS);
  const [raised] = book.update([silent], 1_000);
  expect(raised).toMatchObject({ stage: 'RAISED', level: 'CRITICAL', service: 'signal-engine', ts: 1_000 });
  expect(raised?.action).not.toBe('');
  expect(book.update([silent], 2_000)).toEqual([]);
  expect(book.update([silent], 60_999)).toEqual([]);
  const [repeated] = book.update([{ ...silent, message: 'for 66 s' }], 61_000);
  expect(repeated).toMatchObject({ stage: 'REPEATED', alert_id: raised?.alert_id, message: 'for 66 s' });
  expect(book.update([silent], 62_000)).toEqual([]);
  expect(book.update([], 71_999)).toEqual([]);
  const [resolved] = book.update([], 72_000);
  expect(resolved).toMatchObject({
    stage: 'RESOLVED',
    level: 'INFO',
    alert_id: raised?.alert_id,
    code: 'SERVICE_SILENT',
  });
  expect(resolved?.message).toMatch(/^Resolved after 61 s: /);
  expect(book.update([], 500_000)).toEqual([]);
});

test('a condition that comes and goes is one alert', () => {
  const book = createAlertBook(REPEAT_MS);
  book.update([silent], 0);
  for (let ts = 1_000; ts < 50_000; ts += 1_000) {
    expect(book.update(ts % 5_000 === 0 ? [silent] : [], ts)).toEqual([]);
  }
});

test('a condition that comes back after its alert was resolved raises a new alert', () => {
  const book = createAlertBook(REPEAT_MS);
  const [first] = book.update([silent], 0);
  book.update([], 20_000);
  const [second] = book.update([silent], 30_000);
  expect(second?.stage).toBe('RAISED');
  expect(second?.alert_id).not.toBe(first?.alert_id);
});

test('an undecided condition raises no alert and keeps an open one open', () => {
  const book = createAlertBook(REPEAT_MS);
  const maybe = { ...silent, undecided: true };
  expect(book.update([maybe], 0)).toEqual([]);
  book.update([silent], 1_000);
  for (let ts = 2_000; ts < 50_000; ts += 1_000) expect(book.update([maybe], ts)).toEqual([]);
  expect(book.update([silent], 50_000)).toEqual([]);
  book.update([maybe], 55_000);
  expect(book.update([], 64_999)).toEqual([]);
  expect(stages(book.update([], 65_000))).toEqual(['SERVICE_SILENT RESOLVED']);
});

test('an alert is repeated after 30 s when its gist changes, but not when only its age changes', () => {
  const book = createAlertBook(REPEAT_MS);
  const stale = (gist: string, message: string): Condition => ({
    ...{ code: 'STREAM_STALE', service: 'data-ingestor', subject: 'streams' },
    ...{ gist, message },
  });
  const [raised] = book.update([stale('BTCUSDT', 'for 30 s')], 0);
  expect(book.update([stale('BTCUSDT', 'for 60 s')], 30_000)).toEqual([]);
  expect(book.update([stale('BTCUSDT ETHUSDT', 'two for 61 s')], 31_000)).toMatchObject([
    { stage: 'REPEATED', message: 'two for 61 s', alert_id: raised?.alert_id },
  ]);
  expect(book.update([stale('ETHUSDT', 'one for 62 s')], 32_000)).toEqual([]);
  expect(book.update([stale('ETHUSDT', 'one for 91 s')], 61_000)).toMatchObject([{ message: 'one for 91 s' }]);
});

test('the action of a condition replaces the action of its code', () => {
  const [alert] = createAlertBook(REPEAT_MS).update([{ ...silent, action: 'Wait until noon.' }], 0);
  expect(alert?.action).toBe('Wait until noon.');
});

test('the same code about two subjects is two alerts', () => {
  const book = createAlertBook(REPEAT_MS);
  const other = { ...silent, service: 'decision-logger', subject: 'decision-logger' };
  expect(book.update([silent, other], 0)).toHaveLength(2);
  expect(stages(book.update([other], 20_000))).toEqual(['SERVICE_SILENT RESOLVED']);
});

test('after a restart open alerts keep their id, and resolved ones stay resolved', () => {
  const before = createAlertBook(REPEAT_MS);
  const stale: Condition = { code: 'STREAM_STALE', service: 'data-ingestor', subject: 'BTCUSDT', message: 'BTCUSDT …' };
  const history = [...before.update([silent, stale], 1_000), ...before.update([silent], 20_000)];
  const book = createAlertBook(REPEAT_MS);
  book.restore(history);
  expect(book.update([silent], 25_000)).toEqual([]);
  const [resolved, ...others] = book.update([], 40_000);
  expect(resolved).toMatchObject({ stage: 'RESOLVED', alert_id: history[0]?.alert_id });
  expect(others).toEqual([]);
});
