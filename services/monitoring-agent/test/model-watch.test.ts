import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { ModelStatus } from '@helios/shared/domain/model-status.ts';
import { expect, test } from 'vitest';
import { createAlertBook } from '../src/alert-book.ts';
import { checkModel } from '../src/model-watch.ts';

const mode = { run: 'test' } as FleetMode;
const status: ModelStatus = {
  ...{ run: 'test', ts: 1, model: 'made-1', judged: 9, spoke: 9, abstained: {}, out_of_range: 0 },
  ...{ window: 9, window_size: 50, drifted: [], drifted_count: 0, outcomes: 0, outcome_score: 0 },
};

test('a model that speaks raises nothing, nor does no model', () => {
  expect(checkModel(status, mode)).toEqual([]);
  expect(checkModel(undefined, mode)).toEqual([]);
});

test('refused files and a silent model raise an alert with the reason', () => {
  const found = checkModel({ ...status, refused: 'xgb_model.json is damaged.', silent: 'It expired.' }, mode);
  expect(found.map(({ code, message }) => [code, message])).toEqual([
    ['MODEL_REFUSED', 'The model in use stays: made-1. xgb_model.json is damaged.'],
    ['MODEL_SILENT', 'made-1 gives no probability. It expired.'],
  ]);
});

test('a silent model that knows only candles says so', () => {
  const knows = 'knows 31 of 49 features (candles only)';
  expect(checkModel({ ...status, silent: 'It expired.', knows }, mode)[0]?.message).toBe(
    'made-1 gives no probability. It expired. It knows 31 of 49 features (candles only).',
  );
});

test('other files or another model repeat the alert, a growing count does not', () => {
  const book = createAlertBook(3_600_000);
  const refusals = (refused: string, atMs: number) =>
    book.update(checkModel({ ...status, refused }, mode), atMs).map(({ message }) => message);
  expect(refusals('manifest.json is no JSON.', 0)).toHaveLength(1);
  expect(refusals('manifest.json is no JSON.', 40_000)).toEqual([]);
  expect(refusals('xgb_model.json is damaged.', 80_000)).toEqual([expect.stringContaining('xgb_model.json')]);
  const silences = (model: string, silent: string, atMs: number) =>
    book.update(checkModel({ ...status, model, silent }, mode), atMs).filter(({ code }) => code === 'MODEL_SILENT');
  expect(silences('made-1', 'Each of 50 candidates …', 80_000)).toHaveLength(1);
  expect(silences('made-1', 'Each of 90 candidates …', 120_000)).toEqual([]);
  expect(silences('made-2', 'Each of 51 candidates …', 125_000)[0]?.message).toMatch(/^made-2 gives no probability/);
});

test('a report of another run counts for nothing', () => {
  expect(checkModel({ ...status, run: 'other', silent: 'It expired.' }, mode)).toEqual([]);
});
