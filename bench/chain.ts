import { MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import type { Ingestor } from '@helios/market-data/publish/publisher.ts';
import { Channels } from '@helios/shared/contracts/catalog.ts';
import type { Book } from '@helios/shared/domain/market-data.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { wallClock } from '@helios/shared/runtime/clock.ts';
import { aMode } from '@helios/shared/testing/builders.ts';
import { bidHeavySnapshot, levels } from './bid-heavy-book.ts';
import { type BookFeed, compareChains } from './compare-chains.ts';
import type { Row } from './report.ts';

const SYMBOL = 'BTCUSDT';

/** Venue frame → `trading_signals` over Redis. */
export function benchChain(samples = 3_000): Promise<Row[]> {
  return compareChains({
    what: 'frame → trading_signals over Redis',
    symbol: SYMBOL,
    mode: aMode({ session: 'bench' }),
    ingestor: 'data-ingestor',
    feed: framesInto,
    idleFirst: async () => {},
    samples,
    warmUp: 300,
  });
}

/** Depth updates through the feed. Their texts exist before the timing starts, as if they came from the venue. */
function framesInto(bus: Bus<Ingestor>): BookFeed {
  const feed = new MarketFeed({ symbols: [SYMBOL], now: wallClock.now, onNotice: (notice) => console.error(notice) });
  let update = 1_000;
  let text = '';
  const now = Date.now();
  feed.onFrame({ tsReceived: now, symbol: SYMBOL, text: bidHeavySnapshot(update, now) });
  return {
    prepare() {
      text = depthUpdate(update, Date.now());
      update += 1;
    },
    async publish() {
      const [book] = feed
        .onFrame({ tsReceived: Date.now(), text })
        .filter((event): event is Book => event.type === 'book');
      if (book === undefined) throw new Error('a depth update gave no book');
      await bus.write((batch) => batch.publish(Channels.books, book, { symbol: SYMBOL }));
      return book;
    },
  };
}

/** A usual 100 ms update: ten levels a side, with slightly changed quantities. */
function depthUpdate(previous: number, now: number): string {
  const qty = (9 + (previous % 10) / 1_000).toFixed(3);
  const b = levels(60_000, -0.1, qty, 10);
  const a = levels(60_000.1, 0.1, '1.000', 10);
  const data = { e: 'depthUpdate', E: now, T: now, s: SYMBOL, U: previous + 1, u: previous + 1, pu: previous, b, a };
  return JSON.stringify({ stream: 'btcusdt@depth@100ms', data });
}
