import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBacktestOptions } from '@helios/backtest/backtest-options.ts';
import { openData } from '@helios/backtest/data/open-data.ts';
import { ProgressLine } from '@helios/backtest/progress/progress-line.ts';
import { playBacktest } from '@helios/backtest/run-backtest.ts';
import type { TradingModel } from '@helios/core/model/trading-model.ts';
import { createStrategyEngine, type StrategyEngine } from '@helios/core/strategy/engine.ts';
import { prepareRows } from '@helios/research/train/prepare-rows.ts';
import { writeModel } from '@helios/research/train/report/model-files.ts';
import { trainModel } from '@helios/research/train/train-model.ts';
import { readTrainOptions } from '@helios/research/train/train-options.ts';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { aMode } from '@helios/shared/testing/builders.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { expect, onTestFinished, test } from 'vitest';
import { writeCandles } from '../packages/research/test/made-candles.ts';
import { findXgboost } from '../packages/research/test/xgboost/find-xgboost.ts';
import { checkModel } from '../services/monitoring-agent/src/model-watch.ts';
import { createModelLoader } from '../services/signal-engine/src/model-loader.ts';
import { playGenerated } from './harness/play-generated.ts';

const DAY_MS = 86_400_000;
const START_TS = Date.UTC(2026, 0, 1);
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];
const TRAINED_DAYS = 20;
/** The played candles begin with so many days of the same edge. */
const EDGE_DAYS = 2;
const EDGE_BP = 6;
const CHOICE = [
  '--set=signals.nobi_threshold=0.4',
  '--set=signals.confirmation_count=1',
  '--set=reasons.enabled=MODEL',
  '--set=reasons.model_horizon_min=10',
  '--set=risk.min_target_costs=0',
  '--set=risk.stop_loss_atr=3',
  '--set=risk.take_profit_atr=2',
  '--set=signals.refusal_log_interval_sec=60',
];

const library = findXgboost();

/** Writes candles of each symbol into a folder; returns their options. */
function candles(folder: string, name: string, days: number, edgeDays: number): string[] {
  return SYMBOLS.flatMap((symbol, n) => {
    const file = join(folder, `${symbol}-1m-${name}.csv`);
    writeCandles({ file, seed: 10 * name.length + n, days, edgeBp: EDGE_BP, edgeDays });
    return ['--data', file];
  });
}

test.skipIf(library === undefined)(
  'a model that learned a planted edge falls silent within a day of its removal',
  {
    timeout: 240_000,
  },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'helios-edge-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const place = { cwd: folder, root: folder, env: {}, nowMs: 0 };
    const line = readCommandLine('train', [
      ...[...candles(folder, 'train', TRAINED_DAYS, TRAINED_DAYS), ...CHOICE, '--out', 'model'],
      ...['--lstm-units=0', '--folds=2', '--trials=1', '--leak-checked', 'The edge is planted.'],
    ]);
    const options = readTrainOptions(line, folder, folder);
    const progress = new ProgressLine({ write: () => true }, () => 0);
    const training = { ...place, kept: join(folder, 'kept'), progress, signal: new AbortController().signal };
    const rows = await prepareRows(line, options, training);
    if (library === undefined) throw new Error('libxgboost is missing');
    const { model: trained, card } = await trainModel(rows, options, library, training);
    expect(card.verdict).toMatchObject({ kind: 'PAYS', maySpeak: true });
    await writeModel(options.out, rows.set, trained, card, options.validMs);

    let [model, engine]: [TradingModel | undefined, StrategyEngine | undefined] = [undefined, undefined];
    const watched = {
      useModel: (next: TradingModel | undefined) => {
        model = next;
      },
      modelState: () => engine?.modelState(),
    };
    const loader = createModelLoader({ folder: options.out, engine: watched, run: 'test', log: silentLog });
    await loader.follow();
    const playLine = readCommandLine('backtest', [...candles(folder, 'played', EDGE_DAYS + 1, EDGE_DAYS), ...CHOICE]);
    const playOptions = readBacktestOptions(playLine, place);
    if (model === undefined) throw new Error('no model');
    const market = { symbols: SYMBOLS, seed: 2, startMs: START_TS + TRAINED_DAYS * DAY_MS, minutes: 60 };
    // It learned from candles; on a market with books it says what it knows.
    const { judged = 0, spoke = 0 } = (await playGenerated(model, playOptions, market)) ?? {};
    expect(judged).toBeGreaterThan(1_000);
    expect(spoke).toBeGreaterThan(judged / 4);
    let alarmTs: number | undefined;
    const result = await playBacktest(await openData(playOptions), playOptions, {
      loadModel: async () => model,
      createEngine: (...args) => {
        engine = createStrategyEngine(...args);
        return engine;
      },
      onEvent: ({ type, ts_event }) => {
        if (type === 'kline' && alarmTs === undefined && engine?.modelState()?.outcomes.isAlarm === true)
          alarmTs = ts_event;
      },
    });
    const removedTs = START_TS + EDGE_DAYS * DAY_MS;
    const opened = result.decisions.filter(({ outcome }) => outcome === 'OPENED');
    expect(opened.filter(({ timestamp }) => timestamp < removedTs).length).toBeGreaterThan(30);
    expect(new Set(opened.map(({ entry_reason, model: name }) => `${entry_reason} ${name}`))).toEqual(
      new Set([`MODEL ${card.name}`]),
    );
    expect(alarmTs).toBeGreaterThan(removedTs);
    expect(alarmTs).toBeLessThan(removedTs + DAY_MS);
    expect(opened.filter(({ timestamp }) => timestamp > (alarmTs ?? 0))).toEqual([]);
    const [alert] = checkModel(loader.status(result.lastTs, 1), aMode({ run: 'test' }));
    expect(alert).toMatchObject({ code: 'MODEL_SILENT', message: expect.stringContaining(card.name) });
  },
);
