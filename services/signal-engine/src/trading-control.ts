import { Records } from '@helios/shared/contracts/catalog.ts';
import type { StrategyEngine } from '@helios/shared/core/strategy/engine.ts';
import type { EngineOutput } from '@helios/shared/core/strategy/engine-output.ts';
import type { FleetState, OperatorCommand } from '@helios/shared/domain/fleet.ts';
import type { Bus, Delivery } from '@helios/shared/runtime/bus.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

/** Starting again is a wish of the moment: one that has waited longer than this is not followed. */
const START_MAX_AGE_MS = 60_000;
const COMMANDS_REMEMBERED = 50;

interface ControlOptions {
  /** Why nothing may be traded, where nothing may: the state is HALTED for this reason then, and cannot be left. */
  readonly noOrders: string | undefined;
  readonly bus: Bus<'signal-engine'>;
  readonly engine: StrategyEngine;
  readonly clock: Clock;
  /** The machine's time: for when an operator did something. */
  readonly wall: Clock;
  readonly log: Logger;
  /** What is open was read, and was there to be read whole: before that nobody can say that nothing is. */
  readonly holdingsAreKnown: () => boolean;
  /** Writes state and outputs in one pipeline; resolves once Redis has taken them. */
  readonly send: (outputs: readonly EngineOutput[], fleetState: FleetState) => Promise<void>;
}

/** The trading state: read at the start, changed by the operator's commands. This is its one owner in every mode. */
export interface TradingControl {
  /** Takes up the stored state; where there is none, simulated trading is ACTIVE from the start. */
  hydrate(): Promise<void>;
  /** Applies a command, once per id. */
  onCommand(command: OperatorCommand, delivery: Delivery): Promise<void>;
  /** Ends a flatten once nothing is open any more; writes the state anew where Redis has lost it. */
  settle(): Promise<void>;
}

type Change = Pick<FleetState, 'state' | 'reason' | 'flattening'>;

export function createTradingControl(options: ControlOptions): TradingControl {
  const { noOrders, bus, engine, clock, wall, log, holdingsAreKnown, send } = options;
  let current: FleetState | undefined;

  /** Makes a change known: to the engine, then to Redis. */
  async function change(to: Change, command?: OperatorCommand): Promise<void> {
    const before = current?.state;
    current = { ...to, changed_ts: wall.now(), ...appliedWith(command) };
    const outputs = adopt(current);
    log.info({ state: to.state, before, reason: to.reason, command_id: command?.command_id }, 'trading state');
    await send(outputs, current);
  }

  /** The commands applied last, this one among them. */
  function appliedWith(command?: OperatorCommand): Pick<FleetState, 'applied_commands' | 'applied_actions'> {
    const { applied_commands = [], applied_actions = {} } = current ?? {};
    const ids = [...(command ? [command.command_id] : []), ...applied_commands].slice(0, COMMANDS_REMEMBERED);
    const known = new Map(Object.entries(applied_actions));
    if (command) known.set(command.command_id, command.action);
    const actions = Object.fromEntries([...known].filter(([id]) => ids.includes(id)));
    return { applied_commands: ids, applied_actions: actions };
  }

  function adopt({ state, flattening }: FleetState): readonly EngineOutput[] {
    engine.onTradingState(state);
    return flattening ? engine.flatten(clock.now()) : [];
  }

  const isFlat = (): boolean => holdingsAreKnown() && engine.isFlat();

  /** What a command asks for. A stop in the middle of a flatten, or after it, takes nothing back. */
  function wishOf({ action, issued_by }: OperatorCommand): Change | undefined {
    if (noOrders !== undefined) return undefined;
    if (action === 'start') return { state: 'ACTIVE', reason: `start by ${issued_by}` };
    if (action === 'flatten') {
      if (isFlat()) return { state: 'HALTED', reason: `flatten by ${issued_by}, nothing was open` };
      return { state: 'REDUCING', reason: `flatten by ${issued_by}`, flattening: true };
    }
    if (current?.state === 'HALTED' || current?.flattening) return undefined;
    return { state: 'REDUCING', reason: `stop by ${issued_by}` };
  }

  return {
    async hydrate() {
      const stored = await bus.getRecord(Records.fleetState);
      if (current === undefined && noOrders !== undefined && !isHaltedFor(stored, noOrders)) {
        // Whatever was kept, from a version that traded or by a hand, ends here.
        current = stored;
        await change({ state: 'HALTED', reason: noOrders });
        return;
      }
      if (current === undefined && stored === undefined) {
        await change({ state: 'ACTIVE', reason: 'first start: trading is simulated' });
        return;
      }
      // After a lost connection what this process knows is newer than what Redis has kept.
      current ??= stored;
      if (current) await send(adopt(current), current);
    },

    async onCommand(command, { ageMs }) {
      const { command_id, action } = command;
      if (current?.applied_commands.includes(command_id)) {
        log.info({ command_id, action }, 'command was applied before');
        return;
      }
      if (action === 'start' && noOrders !== undefined) {
        log.warn({ command_id, reason: noOrders }, 'start is refused, the trading state stays HALTED');
      } else if (action === 'start' && (ageMs === undefined || ageMs > START_MAX_AGE_MS)) {
        log.warn({ command_id, age_ms: ageMs }, 'start has waited too long and is not followed; press Start again');
        return;
      }
      const wish = wishOf(command);
      const unchanged = current && { state: current.state, reason: current.reason, flattening: current.flattening };
      const next = wish ?? unchanged;
      if (next) await change(next, command);
      if (next?.flattening && !holdingsAreKnown())
        log.warn({ command_id }, 'what is open is not known, the flatten waits until decision-logger has written it');
    },

    async settle() {
      if (current?.flattening && isFlat()) {
        await change({ state: 'HALTED', reason: `${current.reason}: everything is closed` });
        return;
      }
      if (current === undefined || (await bus.getRecord(Records.fleetState)) !== undefined) return;
      log.warn({ state: current.state }, 'redis does not show the trading state any more, writing it anew');
      await send([], current);
    },
  };
}

function isHaltedFor(stored: FleetState | undefined, reason: string): boolean {
  return stored?.state === 'HALTED' && stored.reason === reason && !stored.flattening;
}
