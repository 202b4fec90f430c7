import { createStrategyEngine } from '@helios/core/strategy/engine.ts';
import { profileOf } from '@helios/core/trading/profile.ts';
import { Channels, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { profileNameOf } from '@helios/shared/domain/profile-name.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { type Clock, wallClock } from '@helios/shared/runtime/clock.ts';
import { isModelExpected, modelFolderOf } from '@helios/shared/runtime/read-model-folder.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import { defineService } from '@helios/shared/runtime/service.ts';
import { createBackground } from './background.ts';
import { createEngineSymbols } from './engine-symbols.ts';
import { createEventDispatcher } from './event-dispatcher.ts';
import { createExposureReader } from './exposure-reader.ts';
import { createFutureEvents } from './future-events.ts';
import { createInbox } from './inbox.ts';
import { createLiveGate } from './live-gate.ts';
import { createModelLoader } from './model-loader.ts';
import { createOutbox } from './outbox.ts';
import { paramsFor } from './polled-params.ts';
import { createStrategyReport } from './strategy-report.ts';
import { createLockStepFeed, createMarketFeed } from './symbol-subscriptions.ts';

import { createTradingControl } from './trading-control.ts';
import { createUnansweredEntries } from './unanswered-entries.ts';

const TIMER_MS = 1_000;
const SENTIMENT_MS = 30_000;
/** Interval of looking for a new model, and of reporting on it. */
const MODEL_MS = 5_000;

/** Maximum wait of a start for the trading state of the ledger. A replay waits longer, because its first frames count. */
const LEDGER_WAIT_MS = 5_000;
const REPLAY_LEDGER_WAIT_MS = 30_000;

interface EngineOptions {
  readonly wall: Clock;
  /** Maximum wait of a start for the ledger of decision-logger. */
  readonly ledgerWaitMs?: number;
  /** Where `signals.model_dir` starts; the project's folder by default. */
  readonly root?: string;
}

/** Market events in; signals, refusals and trailing stops out. `core/strategy` makes all decisions. */
export const createSignalEngine = ({ wall, ledgerWaitMs, root }: EngineOptions) =>
  defineService({
    name: 'signal-engine',
    settings: ['trading', 'signals', 'reasons', 'trend', 'regime', 'risk', 'simulation', 'fees', 'sentiment'],
    modes: ['live', 'public', 'synthetic'],
    async start({ bus, clock, settings, mode, log, every, onStop, observeAge }) {
      const { run } = mode;
      const params = paramsFor(mode.mode, settings);
      const replay = mode.source?.kind === 'replay' ? mode.source : undefined;
      const simulated = mode.mode !== 'live';
      const profile = profileOf(profileNameOf(mode.mode, params.simulation), params);
      const engine = createStrategyEngine(params, { run, profile, collectsFeatures: true });
      const folder = modelFolderOf(settings.signals.model_dir, root);
      const isExpected = folder !== undefined && isModelExpected(folder, settings, root);
      const models = createModelLoader({ folder, isExpected, engine, run, log });
      const report = createStrategyReport({ bus, engine, params, profile, run, log, remembers: replay === undefined });
      const background = createBackground();
      const inbox = createInbox();
      const outbox = createOutbox(bus, log, background);
      const onSignal = (signal: TradingSignal): void => unanswered.remember(signal);
      const dispatcher = createEventDispatcher({ engine, clock, wall, outbox, background, onSignal, log });
      const feed =
        replay?.speed === 'max'
          ? createLockStepFeed(bus, (frames) => inbox.take(() => dispatcher.onFrames(frames)))
          : createMarketFeed(bus, hear);
      const futureEvents = replay === undefined ? createFutureEvents(clock, log) : undefined;
      const sources = { bus, engine, clock, run, simulated, params, futureEvents };
      const exposure = createExposureReader(sources, inbox);
      const unanswered = createUnansweredEntries({
        ...{ ...sources, inbox, outbox, background, log },
        signalMaxAgeMs: settings.signals.signal_max_age_ms,
        now: () => clock.now(),
        readExposure: exposure.read,
      });
      const symbols = createEngineSymbols(sources, exposure, feed, inbox);
      const control = createTradingControl({
        live: simulated ? undefined : createLiveGate({ bus, run, wall }),
        run,
        ledgerWaitMs: ledgerWaitMs ?? (replay === undefined ? LEDGER_WAIT_MS : REPLAY_LEDGER_WAIT_MS),
        bus,
        engine,
        clock,
        wall,
        log,
        exposureIsKnown: exposure.isKnown,
        send: dispatcher.sendState,
      });

      function hear(event: MarketEvent): void {
        if (futureEvents?.isFromFuture(event)) return;
        // The source of a fallback price dates it minutes back, so it does not measure our own delay.
        if (replay === undefined && event.type !== 'fallback') observeAge(clock.now() - event.ts_event);
        inbox.take(() => dispatcher.onMarket(event));
      }

      async function hydrate(): Promise<void> {
        await inbox.during(async () => {
          await unanswered.restore();
          await symbols.hydrate();
          await control.hydrate();
        });
        await control.settle();
      }

      async function hearNews(): Promise<void> {
        await bus.subscribe(Channels.watchlistChanges, (change) =>
          inbox.take(() => background.run(symbols.watch(change.symbols))),
        );
        await bus.subscribe(Channels.positionUpdates, (update) => {
          if (update.run !== run) return;
          inbox.take(() => {
            engine.onPositions(update);
            unanswered.onNews(update.executions ?? []);
            background.run(control.onPositions());
            background.run(symbols.noticeExposure(update.symbol));
          });
        });
      }

      await models.follow();
      await report.restore(wall.now());
      onStop('empty the outbox', () => outbox.stop());
      await hearNews();
      await hydrate();
      bus.onReconnect(() => inbox.during(() => hydrate().then(symbols.refresh)));
      await bus.consume(Streams.executions, unanswered.onExecution);
      await bus.consume(Streams.operatorCommands, control.onCommand);
      // In lock-step only frames advance the time, so two replays time out at the same frame.
      if (replay?.speed !== 'max') every('timers', TIMER_MS, () => inbox.take(dispatcher.onTimer));
      if (replay === undefined) every('read sentiment', SENTIMENT_MS, symbols.readSentiment);
      // A replay is repeatable: it keeps the model that it started with.
      if (replay === undefined) every('follow the model', MODEL_MS, models.follow);
      every('report model and strategy', MODEL_MS, async () => {
        const status = models.status(clock.now(), wall.now());
        await skipWhileAway(
          async () => void (await bus.write((batch) => batch.setRecord(Records.modelStatus, status))),
        );
        await report.write(status, wall.now());
      });
      every('keep up', TIMER_MS, async () => {
        background.check();
        await exposure.readWhatIsOwed();
        await unanswered.sendLostAgain();
        await control.settle();
        await symbols.follow();
      });
    },
  });

export const signalEngine = createSignalEngine({ wall: wallClock });
