import type { StrategyEngine } from '@helios/core/strategy/engine.ts';
import type { EngineOutput } from '@helios/core/strategy/engine-output.ts';
import { ClockWatch } from '@helios/core/time/clock-watch.ts';
import type { FleetState } from '@helios/shared/domain/fleet.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Background } from './background.ts';
import { createFrameLedger } from './frame-ledger.ts';
import type { Outbox } from './outbox.ts';
import { type Outcome, parcelOf } from './parcels.ts';
import { createRegimeNews } from './regime-news.ts';

interface DeskOptions {
  readonly engine: StrategyEngine;
  readonly clock: Clock;
  /** The machine's time: for when a message was made. */
  readonly wall: Clock;
  readonly outbox: Outbox;
  readonly background: Background;
  readonly log: Logger;
}

/** Hands events to the engine and what comes of each to the outbox, as one parcel. */
export interface EventDesk {
  onMarket(event: MarketEvent): void;
  onTimer(): void;
  /** Outputs together with the trading state they belong to; resolves once Redis has taken both. */
  sendState(outputs: readonly EngineOutput[], fleetState: FleetState): Promise<void>;
}

export function createEventDesk({ engine, clock, wall, outbox, background, log }: DeskOptions): EventDesk {
  const frames = createFrameLedger();
  const regimes = createRegimeNews(engine);
  const clockWatch = new ClockWatch();

  function send(outcome: Outcome): Promise<void> {
    const sent = outbox.send(parcelOf(outcome, wall.now(), (symbol) => engine.lastBook(symbol)));
    // Told of when Redis has it: writing a line takes as long as Redis needs to pass the signal on.
    const signals = outcome.outputs.filter((output) => output.kind === 'SIGNAL');
    if (signals.length > 0) background.run(sent.then(() => signals.forEach(logSignal)));
    return sent;
  }

  function readClock(): number {
    const now = clock.now();
    const setBackMs = clockWatch.read(now);
    if (setBackMs !== undefined) {
      const effect = 'book history, confirmation and running cooldowns begin again; holding times go on';
      log.warn({ set_back_ms: setBackMs, effect }, 'the clock was set back');
    }
    return now;
  }

  function logSignal({ signal }: Extract<EngineOutput, { kind: 'SIGNAL' }>): void {
    const { signal_id, symbol, direction, exit_reason, reason } = signal;
    log.info({ signal_id, symbol, direction, exit_reason, reason }, 'signal');
  }

  return {
    onMarket(event) {
      clock.observe(event.ts_event);
      const { seq } = event;
      const known = seq === undefined ? undefined : frames.recall(seq);
      if (known) {
        background.run(send({ outputs: [], ack: known }));
        return;
      }
      const now = readClock();
      const outputs = engine.onMarket(event, now);
      const regime = regimes.due(event.symbol, now);
      if (seq === undefined && outputs.length === 0 && regime === undefined) return;
      const ack = seq === undefined ? undefined : frames.record(seq, outputs);
      background.run(send({ outputs, regime, ...(ack && { ack }) }));
    },

    onTimer() {
      // Before its first frame a replay has no time yet.
      if (clock.now() === 0) return;
      const outputs = engine.onTimer(readClock());
      if (outputs.length > 0) background.run(send({ outputs }));
    },

    sendState: (outputs, fleetState) => send({ outputs, fleetState }),
  };
}
