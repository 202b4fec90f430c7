import { setTimeout as pause } from 'node:timers/promises';
import type { StrategyEngine } from '@helios/core/strategy/engine.ts';
import type { EngineOutput } from '@helios/core/strategy/engine-output.ts';
import { Records } from '@helios/shared/contracts/catalog.ts';
import { ageOf } from '@helios/shared/domain/age.ts';
import type { FleetState, OperatorCommand } from '@helios/shared/domain/fleet.ts';
import { COMMAND_MAX_AGE_MS } from '@helios/shared/domain/freshness.ts';
import type { Bus, Delivery } from '@helios/shared/runtime/bus.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { LiveGate } from './live-gate.ts';
import { appliedWith, requestedChange, type TradingStateChange } from './requested-change.ts';
import { haltReason, isSameState, readStoredState, stricterInLedger, takeUp } from './stored-state.ts';

const LOOK_EVERY_MS = 50;

const FIRST_START = 'first start: trading is simulated';
const FIRST_LIVE_START = 'first live start: press Start to trade';
/** Why the state is HALTED after it was lost, and what to do. */
const LOST = 'the trading state is lost: neither Redis nor the ledger has it; press Start to trade again';
const UNKNOWN =
  'the trading state is unknown: decision-logger has not published its ledger; the state returns with the ledger, or press Start';
const OVERWRITTEN =
  'fleet:state was overwritten by hand and is written again; change the state on the page or by a command, not in the key';

interface ControlOptions {
  /** What live trading demands of a change; undefined in simulation. */
  readonly live: LiveGate | undefined;
  readonly run: string;
  /** Maximum wait of a start for the trading state of the ledger, ms. */
  readonly ledgerWaitMs: number;
  readonly bus: Bus<'signal-engine'>;
  readonly engine: StrategyEngine;
  readonly clock: Clock;
  /** The machine's time; it stamps actions of the operator. */
  readonly wall: Clock;
  readonly log: Logger;
  /** True once positions and orders were read completely. Before that, an open position may be unknown. */
  readonly exposureIsKnown: () => boolean;
  /** Writes state and outputs in one pipeline; resolves once Redis has accepted them. */
  readonly send: (outputs: readonly EngineOutput[], fleetState: FleetState) => Promise<void>;
}

/** The trading state: read at the start, changed by commands. Only this service owns it, in every mode. */
export interface TradingControl {
  /**
   * Restores the state from Redis or the ledger. Simulated trading starts ACTIVE with a new ledger, and HALTED if the earlier
   * state is unknown.
   */
  hydrate(): Promise<void>;
  /** Applies a command, once per id. */
  onCommand(command: OperatorCommand, delivery: Delivery): Promise<void>;
  /** Ends a flatten once nothing is open. Call it after each change of positions: it reads nothing unless a flatten runs. */
  onPositions(): Promise<void>;
  /**
   * Ends a flatten once nothing is open; looks for an unknown state; writes the state again if Redis has lost it or has another
   * one.
   */
  settle(): Promise<void>;
}

export function createTradingControl(options: ControlOptions): TradingControl {
  const { live, run, ledgerWaitMs, bus, engine, clock, wall, log, exposureIsKnown } = options;
  let current: FleetState | undefined;
  /** Time of the newest known change, of our state or of that of the ledger. */
  let newestTs = 0;
  /** Number of states that Redis has not accepted yet. */
  let sending = 0;

  async function send(outputs: readonly EngineOutput[], state: FleetState): Promise<void> {
    sending += 1;
    try {
      await options.send(outputs, state);
    } finally {
      sending -= 1;
    }
  }

  /** Publishes a change: to the engine, then to Redis. */
  async function change(to: TradingStateChange, command?: OperatorCommand): Promise<void> {
    const before = current?.state;
    newestTs = Math.max(wall.now(), newestTs + 1);
    current = { ...to, changed_ts: newestTs, run, ...appliedWith(current, command) };
    const outputs = adopt(current);
    log.info({ state: to.state, before, reason: to.reason, command_id: command?.command_id }, 'trading state');
    await send(outputs, current);
  }

  /** In live execution-manager flattens, because it knows orders and stops that no signal closes. */
  function adopt({ state, flattening }: FleetState): readonly EngineOutput[] {
    engine.onTradingState(state);
    return flattening && live === undefined ? engine.flatten(clock.now()) : [];
  }

  /** Continues with a state from Redis or the ledger. */
  async function takeOver(state: FleetState): Promise<void> {
    newestTs = Math.max(newestTs, state.changed_ts);
    current = { ...state, run };
    log.info({ state: state.state, reason: state.reason }, 'trading state restored');
    await send(adopt(current), current);
  }

  /** Looks for an unknown state. Resolves to false until decision-logger publishes its ledger. */
  async function lookForState(): Promise<boolean> {
    const stored = await readStoredState(bus, run);
    // A command may have arrived meanwhile; it is newer and counts.
    if (isKnown()) return true;
    if (stored.trouble) {
      await change({ state: 'HALTED', reason: haltReason(stored.trouble) });
      return true;
    }
    const found = takeUp(stored);
    if (found.kind === 'UNKNOWN') return false;
    if (found.kind === 'STATE') await takeOver(found.state);
    else if (found.kind === 'FIRST_START') await change(firstState());
    else await change({ state: 'HALTED', reason: LOST });
    return true;
  }

  const firstState = (): TradingStateChange =>
    live === undefined ? { state: 'ACTIVE', reason: FIRST_START } : { state: 'HALTED', reason: FIRST_LIVE_START };

  const isKnown = (): boolean => current !== undefined && !current.unsure;

  async function begin(): Promise<void> {
    const deadline = performance.now() + ledgerWaitMs;
    while (!(await lookForState())) {
      if (performance.now() < deadline) await pause(LOOK_EVERY_MS);
      else return void (await change({ state: 'HALTED', reason: UNKNOWN, unsure: true }));
    }
  }

  /** Halts while the account is unknown. Adopts a newer and stricter state that the ledger publishes late. */
  async function yieldToLedger(): Promise<void> {
    const { ledger, trouble } = await readStoredState(bus, run);
    // A flatten enters nothing and ends HALTED anyway.
    if (trouble && current?.state !== 'HALTED' && !current?.flattening)
      return await change({ state: 'HALTED', reason: haltReason(trouble) });
    const stricter = current && stricterInLedger(current, ledger);
    if (stricter) await takeOver(stricter);
  }

  /**
   * Writes the state again if Redis has a different one. It does not adopt the other one, and gives ours a newer timestamp, so
   * that the ledger does not store the other one.
   */
  async function mend(): Promise<void> {
    const ours = current;
    if (ours === undefined || sending > 0) return;
    const shown = await bus.getRecord(Records.fleetState);
    // Our state changed meanwhile, so the state read may be outdated.
    if (current !== ours || sending > 0 || isSameState(shown, ours)) return;
    const { state } = ours;
    if (shown === undefined) log.warn({ state }, 'redis has lost the trading state, writing it again');
    else if (shown.changed_ts < ours.changed_ts)
      log.warn({ state, shown: shown.state }, 'redis has an earlier trading state, writing ours again');
    else log.warn({ state, shown: shown.state }, OVERWRITTEN);
    if (shown !== undefined && shown.changed_ts > ours.changed_ts) {
      newestTs = Math.max(newestTs, shown.changed_ts) + 1;
      current = { ...ours, changed_ts: newestTs };
    }
    await send([], current);
  }

  /** Why a Start is refused; undefined if it is not. */
  async function whyNoStart(): Promise<string | undefined> {
    const { trouble } = await readStoredState(bus, run);
    if (trouble) return haltReason(trouble);
    return await live?.whyNoStart();
  }

  /** In live only a query of the venue that began after the flatten proves that everything is closed. */
  const isProvenFlat = async ({ changed_ts }: FleetState): Promise<boolean> =>
    live === undefined || (await live.isFlatSince(changed_ts));

  const isFlat = (): boolean => exposureIsKnown() && engine.isFlat();

  /** Resolves to true if it has ended a flatten. */
  async function endFlatten(): Promise<boolean> {
    if (!current?.flattening || !isFlat() || !(await isProvenFlat(current))) return false;
    await change({ state: 'HALTED', reason: `${current.reason}: everything is closed` });
    return true;
  }

  return {
    async hydrate() {
      if (!isKnown()) {
        await begin();
        return;
      }
      // After a lost connection, the state of this process is newer than that in Redis.
      if (current) await send(adopt(current), current);
    },

    async onCommand(command, delivery) {
      const { command_id, action, issued_ts } = command;
      // If the clock was set back, Redis ids still count from the old time; the timestamp of the sender has the new time.
      const ageMs = delivery.ageMs ?? ageOf(issued_ts, wall.now());
      if (current?.applied_commands.includes(command_id)) {
        log.info({ command_id, action }, 'command was applied before');
        return;
      }
      if (action === 'halt') {
        const { issued_by, reason } = command;
        log.warn({ command_id, issued_by, reason }, 'halt requested; press Start to trade again');
      }
      if (action === 'start' && (ageMs === undefined || ageMs > COMMAND_MAX_AGE_MS)) {
        log.warn({ command_id, age_ms: ageMs }, 'start waited too long and was ignored; press Start again');
        return;
      }
      const refusal = action === 'start' ? await whyNoStart() : undefined;
      if (refusal !== undefined) log.warn({ command_id, reason: refusal }, 'start is refused');
      const hasNothingToClose = live === undefined && isFlat();
      const wish = refusal === undefined ? requestedChange(command, current, hasNothingToClose) : undefined;
      const unchanged = current && { state: current.state, reason: current.reason, flattening: current.flattening };
      const next = wish ?? unchanged;
      if (next) await change(next, command);
      if (next?.flattening && !exposureIsKnown())
        log.warn(
          { command_id },
          'open positions are unknown, the flatten waits until decision-logger has written them',
        );
    },

    async onPositions() {
      await endFlatten();
    },

    async settle() {
      if (!isKnown()) await lookForState();
      if ((await endFlatten()) || current === undefined) return;
      await mend();
      await yieldToLedger();
    },
  };
}
