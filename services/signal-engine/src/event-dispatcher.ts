import type { StrategyEngine } from '@helios/core/strategy/engine.ts';
import type { EngineOutput } from '@helios/core/strategy/engine-output.ts';
import { ClockWatch } from '@helios/core/time/clock-watch.ts';
import type { FleetState } from '@helios/shared/domain/fleet.ts';
import { type FrameEvents, lastSeqOf, type MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { RegimeState } from '@helios/shared/domain/market-state.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Background } from './background.ts';
import { createFrameLedger } from './frame-ledger.ts';
import type { Outbox } from './outbox.ts';
import { createRegimeNews } from './regime-news.ts';
import { type Outcome, signalIdsOf, writeBatchOf } from './write-batches.ts';

interface DispatcherOptions {
  readonly engine: StrategyEngine;
  readonly clock: Clock;
  /** The machine's time; it stamps messages. */
  readonly wall: Clock;
  readonly outbox: Outbox;
  readonly background: Background;
  /** Called with each signal before it is sent. */
  readonly onSignal: (signal: TradingSignal) => void;
  readonly log: Logger;
}

/** Passes events to the engine, and the outputs of each event to the outbox as one batch. */
export interface EventDispatcher {
  onMarket(event: MarketEvent): void;
  /**
   * Processes frames of a lock-step replay. Stops after the first frame that causes a signal: its result must arrive before the
   * next frame. For frames that were processed before it only repeats the acknowledgement.
   */
  onFrames(frames: readonly FrameEvents[]): void;
  onTimer(): void;
  /** Sends outputs together with their trading state; resolves once Redis has accepted both. */
  sendState(outputs: readonly EngineOutput[], fleetState: FleetState): Promise<void>;
}

export function createEventDispatcher(options: DispatcherOptions): EventDispatcher {
  const { engine, clock, wall, outbox, background, onSignal, log } = options;
  const ledger = createFrameLedger();
  const regimeNews = createRegimeNews(engine);
  const clockWatch = new ClockWatch();

  function send(outcome: Outcome): Promise<void> {
    const signals = outcome.outputs.filter((output) => output.kind === 'SIGNAL');
    const stamp = wall.now();
    for (const { signal } of signals) onSignal({ ...signal, ts_init: stamp });
    const sent = outbox.send(writeBatchOf(outcome, stamp, (symbol) => engine.lastBook(symbol)));
    // Logged after Redis has it: writing a log line takes as long as Redis needs to pass the signal on.
    if (signals.length > 0) background.run(sent.then(() => signals.forEach(logSignal)));
    return sent;
  }

  /** Processes events that belong together; returns their outputs. */
  function hear(events: FrameEvents): { outputs: EngineOutput[]; regimes: RegimeState[] } {
    const outputs: EngineOutput[] = [];
    const regimes: RegimeState[] = [];
    for (const event of events) {
      clock.observe(event.ts_event);
      const now = readClock();
      outputs.push(...engine.onMarket(event, now));
      const regime = regimeNews.due(event.symbol, now);
      if (regime) regimes.push(regime);
    }
    return { outputs, regimes };
  }

  function readClock(): number {
    const now = clock.now();
    const setBackMs = clockWatch.read(now);
    if (setBackMs !== undefined) {
      const effect = 'book history, confirmation and running cooldowns start again; holding times continue';
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
      const { outputs, regimes } = hear([event]);
      if (outputs.length > 0 || regimes.length > 0) background.run(send({ outputs, regimes }));
    },

    onFrames(frames) {
      const answered = frames.filter((frame) => lastSeqOf(frame) <= ledger.newest).at(-1);
      const last = answered && ledger.answerTo(lastSeqOf(answered));
      // Its signals may not be recorded yet, so later frames must wait.
      const waits = last !== undefined && last.seq === ledger.newest && last.signals.length > 0;
      const fresh = waits ? [] : frames.filter((frame) => lastSeqOf(frame) > ledger.newest);
      const outputs: EngineOutput[] = [];
      const due: RegimeState[] = [];
      for (const frame of fresh) {
        const heard = hear(frame);
        outputs.push(...heard.outputs);
        due.push(...heard.regimes);
        const signals = signalIdsOf(heard.outputs);
        ledger.record(lastSeqOf(frame), signals);
        if (signals.length > 0) break;
      }
      const ack = fresh.length > 0 ? ledger.answerTo(ledger.newest) : last;
      if (ack) background.run(send({ outputs, regimes: due, ack }));
    },

    onTimer() {
      // A replay has no time before its first frame.
      if (clock.now() === 0) return;
      const outputs = engine.onTimer(readClock());
      if (outputs.length > 0) background.run(send({ outputs }));
    },

    sendState: (outputs, fleetState) => send({ outputs, fleetState }),
  };
}
