import { Channels } from '@helios/shared/contracts/catalog.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';
import { createWatchlistFollower, type WatchlistFollower } from '@helios/shared/runtime/follow-symbols.ts';
import type { StreamWatch } from './stream-watch.ts';

interface Parts {
  readonly bus: Bus<'monitoring-agent'>;
  readonly clock: Clock;
  readonly streams: StreamWatch;
}

/** Reports each sampled book of every watched symbol to `streams`. */
export function createSymbolWatch({ bus, clock, streams }: Parts): WatchlistFollower {
  return createWatchlistFollower({
    bus,
    onWatchlist: (symbols) => streams.onWatchlist(symbols, clock.now()),
    async join(symbol) {
      await bus.subscribe(
        Channels.bookSamples,
        (book) => {
          clock.observe(book.ts_event);
          streams.onBook(symbol, clock.now());
        },
        { symbol },
      );
      await bus.subscribe(
        Channels.marketBreaks,
        (broken) => {
          clock.observe(broken.ts_event);
          if (broken.kind === 'SESSION_END') streams.onSessionEnd(symbol);
        },
        { symbol },
      );
    },
    async leave(symbol) {
      await bus.unsubscribe(Channels.bookSamples, { symbol });
      await bus.unsubscribe(Channels.marketBreaks, { symbol });
    },
  });
}
