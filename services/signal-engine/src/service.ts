import { Channels, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import { createStrategyEngine } from '@helios/shared/core/strategy/engine.ts';
import type { EngineOutput } from '@helios/shared/core/strategy/engine-output.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { type Clock, wallClock } from '@helios/shared/runtime/clock.ts';
import { defineService } from '@helios/shared/runtime/service.ts';
import { createBackground } from './background.ts';
import { createFrameLedger } from './frame-ledger.ts';
import { hydrateHoldings, readSentiment, readWatchlist, warmSymbols } from './hydrate.ts';
import { createInbox } from './inbox.ts';
import { createMarketFeed } from './market-feed.ts';
import { createOutbox } from './outbox.ts';
import { type Outcome, parcelOf } from './parcels.ts';
import { createRegimeNews } from './regime-news.ts';
import { createTradingControl } from './trading-control.ts';

const TIMER_MS = 1_000;
const SENTIMENT_MS = 30_000;

/** Market events in; signals, refusals and trailing stops out. All judgement is in `core/strategy`. */
export const createSignalEngine = ({ wall }: { readonly wall: Clock }) =>
  defineService({
    name: 'signal-engine',
    settings: ['trading', 'signals', 'trend', 'regime', 'risk', 'simulation', 'fees', 'sentiment'],
    modes: ['live', 'public', 'synthetic'],
    async start({ bus, clock, settings: params, mode, log, every, onStop, observeAge }) {
      const { run } = mode;
      const replay = mode.source?.kind === 'replay' ? mode.source : undefined;
      const simulated = mode.mode !== 'live';
      const engine = createStrategyEngine(params, { run, mode: mode.mode });
      const background = createBackground();
      const inbox = createInbox();
      const outbox = createOutbox(bus, log, background);
      const frames = createFrameLedger();
      const regimes = createRegimeNews(engine);
      const sources = { bus, engine, clock, run, params };
      const feed = createMarketFeed(bus, (event) => inbox.take(() => onMarket(event)));
      const control = createTradingControl({ bus, engine, clock, wall, log, send: sendState });
      let watchlist: readonly string[] = [];
      let following: Promise<void> = Promise.resolve();

      function send(outcome: Outcome): Promise<void> {
        for (const output of outcome.outputs) logSignal(output);
        return outbox.send(parcelOf(outcome, wall.now()));
      }

      function sendState(outputs: readonly EngineOutput[], fleetState: Outcome['fleetState']): Promise<void> {
        return send({ outputs, ...(fleetState && { fleetState }) });
      }

      function logSignal(output: EngineOutput): void {
        if (output.kind !== 'SIGNAL') return;
        const { signal_id, symbol, direction, exit_reason, reason } = output.signal;
        log.info({ signal_id, symbol, direction, exit_reason, reason }, 'signal');
      }

      function onMarket(event: MarketEvent): void {
        clock.observe(event.ts_event);
        if (replay === undefined) observeAge(clock.now() - event.ts_event);
        const { seq } = event;
        const known = seq === undefined ? undefined : frames.recall(seq);
        if (known) {
          background.run(send({ outputs: [], ack: known }));
          return;
        }
        const outputs = engine.onMarket(event, clock.now());
        const regime = regimes.due(event.symbol, clock.now());
        if (seq === undefined && outputs.length === 0 && regime === undefined) return;
        const ack = seq === undefined ? undefined : frames.record(seq, outputs);
        background.run(send({ outputs, regime, ...(ack && { ack }) }));
      }

      function onTimer(): void {
        // Before its first frame a replay has no time yet.
        if (clock.now() === 0) return;
        inbox.take(() => {
          const outputs = engine.onTimer(clock.now());
          if (outputs.length > 0) background.run(send({ outputs }));
        });
      }

      /** Follows the watchlist and whatever is open; each change after the one before. */
      function follow(): Promise<void> {
        following = following
          .catch(() => {})
          .then(() =>
            inbox.during(() =>
              feed.follow(new Set([...watchlist, ...engine.heldSymbols()]), async (fresh) => {
                await warmSymbols(sources, fresh);
                await readSentiment(sources, fresh);
              }),
            ),
          );
        return following;
      }

      async function hydrate(): Promise<void> {
        await inbox.during(async () => {
          watchlist = await readWatchlist(bus);
          await hydrateHoldings(sources);
          await follow();
          if (simulated) await control.hydrate();
          else engine.onTradingState((await bus.getRecord(Records.fleetState))?.state ?? 'HALTED');
        });
        await control.settle();
      }

      /** After an outage: candles that closed meanwhile are read as well. */
      async function hydrateAgain(): Promise<void> {
        await inbox.during(async () => {
          await hydrate();
          await warmSymbols(sources, watchlist);
        });
      }

      onStop('empty the outbox', () => outbox.stop());
      await bus.subscribe(Channels.watchlistChanges, ({ symbols }) => {
        watchlist = symbols;
        background.run(follow());
      });
      await bus.subscribe(Channels.positionUpdates, (update) => {
        if (update.run !== run) return;
        inbox.take(() => {
          engine.onPositions(update);
          background.run(control.settle());
          if (!watchlist.includes(update.symbol)) background.run(follow());
        });
      });
      if (!simulated) await bus.subscribe(Channels.fleetStateChanges, ({ state }) => engine.onTradingState(state));
      await hydrate();
      bus.onReconnect(hydrateAgain);
      if (simulated) await bus.consume(Streams.operatorCommands, control.onCommand);
      // In lock-step only frames move time on, so that two replays time out at the same frame.
      if (replay?.speed !== 'max') every('timers', TIMER_MS, onTimer);
      if (replay === undefined) every('read sentiment', SENTIMENT_MS, () => readSentiment(sources, watchlist));
      every('keep up', TIMER_MS, async () => {
        background.check();
        await control.settle();
        await follow();
      });
    },
  });

export const signalEngine = createSignalEngine({ wall: wallClock });
