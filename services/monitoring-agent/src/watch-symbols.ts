import { Channels } from '@helios/shared/contracts/catalog.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';
import { createPriceFollower } from '@helios/shared/runtime/follow-prices.ts';
import type { WatchlistFollower } from '@helios/shared/runtime/follow-symbols.ts';
import type { PriceBoard } from '@helios/shared/runtime/price-board.ts';
import type { StreamWatch } from './stream-watch.ts';

interface Parts {
  readonly bus: Bus<'monitoring-agent'>;
  readonly clock: Clock;
  readonly mode: FleetMode;
  readonly board: PriceBoard;
  readonly streams: StreamWatch;
}

/** Reports each sampled book of every watched symbol to `streams`, and keeps its prices on the board. */
export function createSymbolWatch({ bus, clock, mode, board, streams }: Parts): WatchlistFollower {
  return createPriceFollower({
    bus,
    clock,
    mode,
    board,
    onWatchlist: (symbols) => streams.onWatchlist(symbols, clock.now()),
    onBook: ({ symbol }) => streams.onBook(symbol, clock.now()),
    async join(symbol) {
      await bus.subscribe(
        Channels.marketBreaks,
        (broken) => {
          clock.observe(broken.ts_event);
          if (broken.kind === 'SESSION_END') streams.onSessionEnd(symbol);
        },
        { symbol },
      );
    },
    leave: (symbol) => bus.unsubscribe(Channels.marketBreaks, { symbol }),
  });
}
