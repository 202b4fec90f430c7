import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { ModelStatus } from '@helios/shared/domain/model-status.ts';
import { expect, test } from 'vitest';
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

test('a report of another run counts for nothing', () => {
  expect(checkModel({ ...status, run: 'other', silent: 'It expired.' }, mode)).toEqual([]);
});
