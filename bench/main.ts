import { runCommand } from '@helios/shared/runtime/cli/run-command.ts';
import { benchBacktest } from './backtest.ts';
import { benchCache } from './cache.ts';
import { benchCandles } from './candles.ts';
import { benchChain } from './chain.ts';
import { benchCore } from './core.ts';
import { benchExchange } from './exchange.ts';
import { benchFeed } from './feed.ts';
import { benchFleet } from './fleet-load.ts';
import { benchRecording, readFrames } from './frames.ts';
import { benchGenerator } from './generator.ts';
import { benchLive } from './live.ts';
import { benchLiveChain } from './live-chain.ts';
import { benchModel } from './model.ts';
import { benchOptimise } from './optimise.ts';
import { benchPublic } from './public.ts';
import { benchReplay } from './replay.ts';
import { printTable, type Row } from './report.ts';
import { benchSentiment } from './sentiment.ts';
import { benchSoak } from './soak.ts';
import { benchTrain } from './train.ts';

/** `npm run bench [-- core chain …]`: measures this machine now. Quote the ratios, not the milliseconds. */
const PARTS: Readonly<Record<string, () => Promise<Row[]>>> = {
  core: async () => {
    const { files, name } = await benchRecording();
    const rows = benchCore(await readFrames(files), 'BTCUSDT');
    return rows.map((row) => ({ ...row, what: `${row.what} (${name})` }));
  },
  feed: benchFeed,
  backtest: benchBacktest,
  cache: benchCache,
  candles: benchCandles,
  chain: () => benchChain(),
  generator: benchGenerator,
  replay: benchReplay,
  sentiment: benchSentiment,
  public: benchPublic,
  exchange: benchExchange,
  model: benchModel,
  train: benchTrain,
  live: benchLive,
  'live-chain': benchLiveChain,
  'fleet-5': () => benchFleet(5),
  'fleet-100': () => benchFleet(100),
  optimise: () => benchOptimise(100),
  'optimise-1000': () => benchOptimise(1_000),
  // The soak takes hours, so it runs only if it is named.
  soak: () => benchSoak(SOAK_MINUTES),
};
const SOAK_MINUTES = 90;
const ONLY_IF_NAMED = new Set(['soak', 'optimise-1000']);

await runCommand('bench', async (line) => {
  const unknown = line.words.find((part) => !Object.hasOwn(PARTS, part));
  if (unknown !== undefined) {
    throw line.problem(`“${unknown}” is not a part of the bench. Parts: ${Object.keys(PARTS).join(', ')}.`);
  }
  const rows: Row[] = [];
  for (const [part, run] of Object.entries(PARTS)) {
    if (line.words.length > 0 ? !line.words.includes(part) : ONLY_IF_NAMED.has(part)) continue;
    console.error(`bench: measuring ${part} …`);
    rows.push(...(await run()));
  }
  printTable(rows);
  return 0;
});
