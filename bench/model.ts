import { loadTradingModel } from '@helios/core/model/load-trading-model.ts';
import { probeRows } from '@helios/core/model/probe-model.ts';
import type { TradingModel } from '@helios/core/model/trading-model.ts';
import { modelFolderOf, readModelFolder } from '@helios/shared/runtime/read-model-folder.ts';
import {
  fileOf,
  lstmJson,
  MADE_NAMES,
  type MadeNode,
  madeFolder,
  xgbJson,
} from '../packages/core/test/model/made-model.ts';
import { percentile } from './percentile.ts';
import type { Row } from './report.ts';

const TREES = 500;
const DEPTH = 6;
const CALLS = 20_000;

/** Measures one verdict of a model: 500 trees of depth 6 with an LSTM, and the one in models/ if there is one. */
export async function benchModel(): Promise<Row[]> {
  const before = process.memoryUsage().rss;
  const made = loadedFrom(largeFolder());
  const grownMb = (process.memoryUsage().rss - before) / 2 ** 20;
  const folder = modelFolderOf('models');
  const own = folder === undefined ? undefined : loadTradingModel(await readModelFolder(folder));
  return [
    ...rowsOf(made, `${TREES} trees of depth ${DEPTH} and an LSTM`),
    { what: 'memory of that model with its files', value: grownMb, unit: 'MB' },
    ...(own?.kind === 'LOADED' ? rowsOf(own.model, own.model.name) : []),
  ];
}

function rowsOf(model: TradingModel, name: string): Row[] {
  const inputs = [...probeRows(model.manifest?.inputs ?? [])];
  const times: number[] = [];
  for (let call = 0; call < CALLS; call += 1) {
    const input = inputs[call % inputs.length];
    if (input === undefined) continue;
    const began = performance.now();
    model.judge({ symbol: 'BTCUSDT', nowMs: 0, ...input });
    times.push(1_000 * (performance.now() - began));
  }
  return [
    { what: `verdict of a model, p50 (${name})`, value: percentile(times, 0.5), unit: 'µs' },
    { what: `verdict of a model, p99 (${name})`, value: percentile(times, 0.99), unit: 'µs', aim: '< 2,000 µs' },
  ];
}

function loadedFrom(files: Parameters<typeof loadTradingModel>[0]): TradingModel {
  const load = loadTradingModel(files);
  if (load.kind !== 'LOADED') throw new Error(`The model of the bench does not load: ${JSON.stringify(load)}`);
  return load.model;
}

function largeFolder() {
  const names = [...MADE_NAMES, 'lstm'];
  const node = (depth: number, tree: number): MadeNode =>
    depth === 0
      ? { leaf: (tree % 7) / 100 - 0.03 }
      : {
          column: (depth + tree) % names.length,
          threshold: ((tree * 37 + depth * 11) % 100) / 100 - 0.5,
          left: node(depth - 1, tree + 1),
          right: node(depth - 1, tree + 2),
        };
  const trees = fileOf(
    'xgb_model.json',
    xgbJson(
      Array.from({ length: TREES }, (_, tree) => node(DEPTH, tree)),
      names,
    ),
  );
  const [units, columns] = [32, 5];
  const numbers = (length: number) => Array.from({ length }, (_, at) => ((at * 31) % 17) / 17 - 0.5);
  const lstm = fileOf(
    'lstm.json',
    lstmJson({
      ...{ units, kernel: numbers(4 * units * columns), recurrent: numbers(4 * units * units) },
      ...{ bias: numbers(4 * units), output: numbers(units) },
    }),
  );
  const files = {
    xgb_model: { name: trees.name, sha256: trees.sha256 ?? '' },
    lstm: { name: lstm.name, sha256: lstm.sha256 ?? '' },
  };
  const folder = madeFolder({ files, feature_names: names, max_out_of_range: 1 }, [lstm]);
  return folder.map((file) => (file.name === trees.name ? trees : file));
}
