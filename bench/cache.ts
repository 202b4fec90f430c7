import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssumedFunding, USUAL_FUNDING_RATE } from '@helios/backtest/models/assumed-funding.ts';
import { PaperPath } from '@helios/backtest/paper-path.ts';
import { type CacheFile, openCacheFile } from '@helios/market-data/cache/cache-reader.ts';
import { playCaches } from '@helios/market-data/cache/play-caches.ts';
import { importData } from '@helios/market-data/import/import-data.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { inTurns } from './feed.ts';
import { benchRecording } from './frames.ts';
import { ParseThread } from './parse-thread.ts';
import { median } from './percentile.ts';
import type { Row } from './report.ts';

/** Plays per measurement: a recording of minutes alone would measure the compiler. */
const PLAYS = 10;

/** They trade within minutes: a strategy that waits for a rare reason would leave its gates and exits unmeasured. */
const SETTINGS = defaultSettings({
  reasons: { enabled: ['IMBALANCE'] },
  signals: { edge_gate: 'observe' },
  risk: { reversal_exit: 'always', min_target_costs: 0, trailing_stop: true, stop_loss_atr: 2, take_profit_atr: 3 },
});

/**
 * Processor time of a cache, read alone and played through strategy and paper account, beside inflating its recording and parsing the
 * JSON of each line.
 */
export async function benchCache(): Promise<Row[]> {
  const { files, name } = await benchRecording();
  const out = join(mkdtempSync(join(tmpdir(), 'helios-bench-')), 'bench.helios');
  await importData({ files, market: 'usdm', out, stop: new AbortController().signal });
  const cache = await openCacheFile(out);
  const floor = new ParseThread();
  const times = await inTurns({
    json: () => floor.parse(files),
    read: () => inSeries(() => readCache(cache, () => {})),
    backtest: () => inSeries(() => backtestCache(cache, false)),
    followed: () => inSeries(() => backtestCache(cache, true)),
  });
  await floor.close();
  const { frames, events } = cache.content;
  const eventsPerLine = Object.values(events).reduce((sum, count) => sum + count, 0) / frames;
  const rowsFor = (what: string, eventUs: number, aim: string): Row[] => [
    { what: `${what} (${name})`, value: 1e6 / eventUs, unit: '/s', aim },
    {
      what: `${what}, per recorded line; floor: gunzip, JSON.parse (${name})`,
      ...{ value: eventUs * eventsPerLine, floor: median(times.json), unit: 'µs', aim: '≤ 1 ×' },
    },
  ];
  return [
    ...rowsFor('cached events read', median(times.read), '≥ 5,000,000 /s'),
    ...rowsFor('cached events with every gate, queue and fill', median(times.backtest), '≥ 1,000,000 /s'),
    ...rowsFor('cached events, and each refusal followed up', median(times.followed), ''),
  ];
}

async function inSeries(play: () => Promise<number>): Promise<number> {
  let events = 0;
  for (let i = 0; i < PLAYS; i += 1) events += await play();
  return events;
}

async function readCache(cache: CacheFile, onFrame: (events: readonly MarketEvent[]) => void): Promise<number> {
  let events = 0;
  await playCaches([cache], {
    onFrame: (frame) => {
      events += frame.length;
      onFrame(frame);
      return true;
    },
    toTs: Number.POSITIVE_INFINITY,
  });
  return events;
}

async function backtestCache(cache: CacheFile, recordsRefusals: boolean): Promise<number> {
  const { run, instruments } = cache.content;
  const funding = new AssumedFunding(USUAL_FUNDING_RATE);
  const path = new PaperPath({ settings: SETTINGS, run, instruments, funding, recordsRefusals });
  const events = await readCache(cache, (frame) => path.onFrame(frame));
  if (path.result().trades.length === 0) throw new Error('The cache made no trade, so its speed means nothing.');
  return events;
}
