import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseFrame } from '@helios/binance/parse-frame.ts';
import { type BookLevels, OrderBook } from '@helios/core/book/order-book.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';
import { describe, expect, test } from 'vitest';

const depth = join(process.env['HELIOS_DATA_DIR'] ?? join(import.meta.dirname, '../../../../shared/data'), 'depth');
const SESSIONS = [
  ['usdm_btcusdt_20230404.dat.gz', 'usdm_btcusdt_20230405.dat.gz'],
  ['usdm_btcusdt_20240718.gz', 'usdm_btcusdt_20240719.gz'],
  ['usdm_ethusdt_20240718.gz', 'usdm_ethusdt_20240719.gz'],
];

/** One side as a map, with its prices in a sorted array; the greatest `sign × price` is last. */
class SortedSide {
  readonly #sign: 1 | -1;
  readonly #levels = new Map<number, Level>();
  readonly #keys: number[] = [];

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  apply(changes: readonly Level[]): void {
    for (const level of changes) {
      const key = this.#sign * Number(level[0]);
      const at = this.#placeOf(key);
      const isThere = this.#levels.has(key);
      if (Number(level[1]) !== 0) this.#levels.set(key, level);
      else this.#levels.delete(key);
      if (this.#levels.has(key) !== isThere) this.#keys.splice(at, isThere ? 1 : 0, ...(isThere ? [] : [key]));
    }
  }

  top(count: number): (Level | undefined)[] {
    return this.#keys
      .slice(-count)
      .reverse()
      .map((key) => this.#levels.get(key));
  }

  /** Index of the first key that is not less. */
  #placeOf(key: number): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? Number.NaN) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

describe.skipIf(!existsSync(depth))('the book after every recorded update', () => {
  test.each(SESSIONS)('has the levels that a simple book of texts has: %s', (...files) => {
    const book = new OrderBook();
    let [bids, asks] = [new SortedSide(1), new SortedSide(-1)];
    let [updates, different] = [0, 0];
    const applySimply = (levels: BookLevels): void => {
      bids.apply(levels.bids);
      asks.apply(levels.asks);
    };
    for (const line of files.flatMap((file) =>
      gunzipSync(readFileSync(join(depth, file)))
        .toString()
        .trim()
        .split('\n'),
    )) {
      if (!line.includes('"depthUpdate"') && !line.includes('"lastUpdateId"')) continue;
      const text = line.slice(line.indexOf(' ') + 1);
      const message = parseFrame(text, 'BTCUSDT');
      if (message.kind === 'DEPTH_SNAPSHOT') {
        book.reset(message);
        [bids, asks] = [new SortedSide(1), new SortedSide(-1)];
        applySimply(message);
      }
      if (message.kind !== 'DEPTH_UPDATE') continue;
      book.apply(message);
      const { b, a } = JSON.parse(text).data;
      applySimply({ bids: b, asks: a });
      updates += 1;
      const top = book.top(20);
      if (String([top.bids, top.asks]) !== String([bids.top(20), asks.top(20)])) different += 1;
    }
    expect(different).toBe(0);
    expect(updates).toBeGreaterThan(8_000);
  });
});
