import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Streams } from '@helios/shared/contracts/catalog.ts';
import type { RefusalReport } from '@helios/shared/domain/decision.ts';
import { FEATURE_NAMES, FEATURE_SET } from '@helios/shared/domain/features.ts';
import { TrainingRow } from '@helios/shared/domain/training-row.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { decisions, engine, harness, next, refusal, send, start, useLoggerHarness } from './logger-harness.ts';

useLoggerHarness();

const FEATURES = { set: FEATURE_SET, values: FEATURE_NAMES.map((_, i) => (i === 0 ? null : i / 8)) };
const folder = () => join(harness.folder, 'ledger', 'test-run.rows');
const rowsFile = () => join(folder(), 'rows.jsonl');

function rows(): TrainingRow[] {
  if (!existsSync(rowsFile())) return [];
  const lines = readFileSync(rowsFile(), 'utf8').trimEnd().split('\n');
  return lines.map((line) => TrainingRow.parse(JSON.parse(line)));
}

const END_TS = T0 + 1_800_000;
const follow_up = { exit_price: 101, exit_reason: 'STOP_LOSS', exit_ts: T0 + 9, gross_bp: 100, net_bp: 92 } as const;
const REFUSED = { kind: 'REFUSED', decision: refusal, features: FEATURES } as const;
const FOLLOWED_UP = { kind: 'FOLLOWED_UP', run: 'test-run', decision_id: 'r1', side: 'LONG', follow_up } as const;
const moved = (decision_id: string, run = 'test-run') =>
  ({ kind: 'MOVED', run, decision_id, side: 'LONG', best_bp: 120, worst_bp: -5, end_ts: END_TS }) as const;

async function report(...reports: RefusalReport[]): Promise<void> {
  await engine().write((batch) => {
    for (const each of reports) batch.append(Streams.refusals, each);
  });
  await harness.fake.settle();
}

/** Stops the service, which writes what waits. */
async function stop(): Promise<void> {
  await harness.running?.stop();
  harness.running = undefined;
}

test('writes one row for a refused candidate, however often its reports come', async () => {
  await start();
  await report(REFUSED, FOLLOWED_UP, moved('r1'), moved('r1', 'other'));
  await report(REFUSED, FOLLOWED_UP, moved('r1'));
  await stop();
  await start();
  await report(REFUSED, FOLLOWED_UP, moved('r1'));
  await stop();
  expect(rows()).toEqual([
    {
      ...{ id: 'r1', symbol: 'BTCUSDT', side: 'LONG', ts: T0, end_ts: END_TS, feature_set: FEATURE_SET },
      ...{ features: FEATURES.values, net_bp: 92, gross_bp: 100, cost_bp: 8, best_bp: 120, worst_bp: -5 },
      ...{ exit_reason: 'STOP_LOSS', reason: 'VOLUME', taken: false },
    },
  ]);
});

test('writes the result of a trade, also if the service was killed between its parts', async () => {
  await start();
  const entry = next({ features: FEATURES });
  await send(entry);
  await report(moved(entry.signal_id));
  await stop();
  // What a killed writer leaves.
  appendFileSync(join(folder(), 'waiting.jsonl'), '{"kind":"OUTCOME","id":"');
  await start();
  await send(next({ direction: 'EXIT_LONG', exit_reason: 'TIME_EXIT', timestamp: END_TS, ts_init: END_TS }));
  await stop();
  const [row, ...others] = rows();
  expect(others).toEqual([]);
  expect(row).toMatchObject({ id: entry.signal_id, taken: true, reason: 'ENTERED', exit_reason: 'TIME_EXIT' });
  expect(row?.cost_bp).toBeGreaterThan(0);
  expect(row?.net_bp).toBeCloseTo((row?.gross_bp ?? 0) - (row?.cost_bp ?? 0), 9);
});

test('writes nothing about triggers without features and trades that were closed by hand', async () => {
  await start();
  await report({ kind: 'REFUSED', decision: refusal }, FOLLOWED_UP, moved('r1'));
  const entry = next({ features: FEATURES });
  await send(entry, next({ direction: 'EXIT_LONG', exit_reason: undefined, timestamp: T0 + 1_000 }));
  expect((await decisions()).map(({ outcome }) => outcome)).toEqual(['CLOSED', 'OPENED']);
  await report(moved(entry.signal_id));
  await stop();
  expect(rows()).toEqual([]);
});

test('cuts off half a line before it writes the next one', async () => {
  await start();
  await report(REFUSED, FOLLOWED_UP, moved('r1'));
  await stop();
  appendFileSync(rowsFile(), '{"id":"r1","symb');
  await start();
  const second = { ...refusal, decision_id: 'r2' };
  await report({ ...REFUSED, decision: second }, { ...FOLLOWED_UP, decision_id: 'r2' }, moved('r2'));
  await stop();
  expect(rows().map(({ id }) => id)).toEqual(['r1', 'r2']);
});
