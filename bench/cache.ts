import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PaperPath } from '@helios/backtest/paper-path.ts';
import { type CacheFile, openCacheFile } from '@helios/market-data/cache/cache-reader.ts';
import { playCache } from '@helios/market-data/cache/play-cache.ts';
import { importData } from '@helios/market-data/import/import-data.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { inTurns, parseLines } from './feed.ts';
import { benchRecording } from './frames.ts';
import { median } from './percentile.ts';
import type { Row } from './report.ts';

/**
 * Processor time of a cache, read alone and played through strategy and paper account, beside inflating its recording and parsing the
 * JSON of each line.
 */
export async function benchCache(): Promise<Row[]> {
  const { files, name } = await benchRecording();
  const out = join(mkdtempSync(join(tmpdir(), 'helios-bench-')), 'bench.helios');
  await importData({ files, market: 'usdm', out, stop: new AbortController().signal });
  const cache = await openCacheFile(out);
  const times = await inTurns({
    json: () => parseLines(files),
    read: () => readCache(cache, () => {}),
    backtest: () => backtestCache(cache),
  });
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
  ];
}

async function readCache(cache: CacheFile, onFrame: (events: readonly MarketEvent[]) => void): Promise<number> {
  let events = 0;
  await playCache(cache, {
    onFrame: (frame) => {
      events += frame.length;
      onFrame(frame);
      return true;
    },
    toTs: Number.POSITIVE_INFINITY,
  });
  return events;
}

async function backtestCache(cache: CacheFile): Promise<number> {
  const { run, instruments } = cache.content;
  const path = new PaperPath({ settings: defaultSettings(), run, instruments });
  return await readCache(cache, (frame) => path.onFrame(frame));
}
