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
import { haltReason, isSameState, readStoredState, stricterInLedger, takeUp } from './stored-state.ts';

const COMMANDS_REMEMBERED = 50;
const LOOK_EVERY_MS = 50;

const FIRST_START = 'first start: trading is simulated';
/** Why the state is HALTED where nobody can say which it was, and what to do. */
const LOST = 'the trading state is lost: neither Redis nor the ledger holds it; press Start to trade again';
const UNKNOWN =
  'the trading state is not known: decision-logger does not show its ledger; it comes back with the ledger, or press Start';
const OVERWRITTEN =
  'fleet:state was overwritten by hand and is written again; the page or a command changes the state, the key does not';

interface ControlOptions {
  /** Why nothing may be traded, where nothing may: the state is HALTED for this reason then, and cannot be left. */
  readonly noOrders: string | undefined;
  readonly run: string;
  /** How long a start waits for decision-logger to show what the ledger holds, ms. */
  readonly ledgerWaitMs: number;
  readonly bus: Bus<'signal-engine'>;
  readonly engine: StrategyEngine;
  readonly clock: Clock;
  /** The machine's time: for when an operator did something. */
  readonly wall: Clock;
  readonly log: Logger;
  /** What is open was read, and was there to be read whole: before that nobody can say that nothing is. */
  readonly exposureIsKnown: () => boolean;
  /** Writes state and outputs in one pipeline; resolves once Redis has taken them. */
  readonly send: (outputs: readonly EngineOutput[], fleetState: FleetState) => Promise<void>;
}

/** The trading state: read at the start, changed by the operator's commands. This is its one owner in every mode. */
export interface TradingControl {
  /**
   * Takes up the state that Redis or the ledger holds. Simulated trading is ACTIVE where the ledger is new, and HALTED
   * where nobody can say what the state was.
   */
  hydrate(): Promise<void>;
  /** Applies a command, once per id. */
  onCommand(command: OperatorCommand, delivery: Delivery): Promise<void>;
  /**
   * Ends a flatten once nothing is open any more; looks for a state that is not known yet; writes the state again where
   * Redis has lost it or shows another one.
   */
  settle(): Promise<void>;
}

type Change = Pick<FleetState, 'state' | 'reason' | 'flattening' | 'unsure'>;

export function createTradingControl(options: ControlOptions): TradingControl {
  const { noOrders, run, ledgerWaitMs, bus, engine, clock, wall, log, exposureIsKnown } = options;
  let current: FleetState | undefined;
  /** When the newest state known changed, ours or the ledger's. */
  let newestTs = 0;
  /** States that Redis has not taken yet. */
  let sending = 0;

  async function send(outputs: readonly EngineOutput[], state: FleetState): Promise<void> {
    sending += 1;
    try {
      await options.send(outputs, state);
    } finally {
      sending -= 1;
    }
  }

  /** Makes a change known: to the engine, then to Redis. */
  async function change(to: Change, command?: OperatorCommand): Promise<void> {
    const before = current?.state;
    newestTs = Math.max(wall.now(), newestTs + 1);
    current = { ...to, changed_ts: newestTs, run, ...appliedWith(command) };
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

  /** Goes on with a state that Redis or the ledger holds. */
  async function takeOver(state: FleetState): Promise<void> {
    newestTs = Math.max(newestTs, state.changed_ts);
    current = { ...state, run };
    log.info({ state: state.state, reason: state.reason }, 'trading state taken up');
    await send(adopt(current), current);
  }

  /** Looks for the state where it is not known. False where decision-logger does not show its ledger yet. */
  async function lookForState(): Promise<boolean> {
    const stored = await readStoredState(bus, run);
    // A command may have come meanwhile: the operator's word is newer.
    if (isKnown()) return true;
    if (stored.trouble) {
      await change({ state: 'HALTED', reason: haltReason(stored.trouble) });
      return true;
    }
    const found = takeUp(stored);
    if (found.kind === 'UNKNOWN') return false;
    if (found.kind === 'STATE') await takeOver(found.state);
    else if (found.kind === 'FIRST_START') await change({ state: 'ACTIVE', reason: FIRST_START });
    else await change({ state: 'HALTED', reason: LOST });
    return true;
  }

  const isKnown = (): boolean => current !== undefined && !current.unsure;

  async function begin(): Promise<void> {
    const deadline = performance.now() + ledgerWaitMs;
    while (!(await lookForState())) {
      if (performance.now() < deadline) await pause(LOOK_EVERY_MS);
      else return void (await change({ state: 'HALTED', reason: UNKNOWN, unsure: true }));
    }
  }

  /** Halts while nobody knows the account. Takes over a newer and stricter state that the ledger shows late. */
  async function yieldToLedger(): Promise<void> {
    const { ledger, trouble } = await readStoredState(bus, run);
    // A flatten enters nothing and ends HALTED.
    if (trouble && current?.state !== 'HALTED' && !current?.flattening)
      return await change({ state: 'HALTED', reason: haltReason(trouble) });
    const stricter = current && stricterInLedger(current, ledger);
    if (stricter) await takeOver(stricter);
  }

  /**
   * Writes the state again where Redis does not show it. What stands there instead is not followed; ours becomes the newer
   * one, so that the ledger does not keep the other.
   */
  async function mend(): Promise<void> {
    const ours = current;
    if (ours === undefined || sending > 0) return;
    const shown = await bus.getRecord(Records.fleetState);
    // Changed or sent meanwhile: what was read may be from before.
    if (current !== ours || sending > 0 || isSameState(shown, ours)) return;
    const { state } = ours;
    if (shown === undefined) log.warn({ state }, 'redis does not show the trading state any more, writing it again');
    else if (shown.changed_ts < ours.changed_ts)
      log.warn({ state, shown: shown.state }, 'redis shows an earlier trading state, writing ours again');
    else log.warn({ state, shown: shown.state }, OVERWRITTEN);
    if (shown !== undefined && shown.changed_ts > ours.changed_ts) {
      newestTs = Math.max(newestTs, shown.changed_ts) + 1;
      current = { ...ours, changed_ts: newestTs };
    }
    await send([], current);
  }

  const isFlat = (): boolean => exposureIsKnown() && engine.isFlat();

  /** What a command asks for. A stop or a halt in the middle of a flatten, or after it, takes nothing back. */
  function requestOf({ action, issued_by, reason }: OperatorCommand): Change | undefined {
    if (noOrders !== undefined) return undefined;
    if (action === 'start') return { state: 'ACTIVE', reason: `start by ${issued_by}` };
    if (action === 'flatten') {
      if (isFlat()) return { state: 'HALTED', reason: `flatten by ${issued_by}, nothing was open` };
      return { state: 'REDUCING', reason: `flatten by ${issued_by}`, flattening: true };
    }
    if ((current?.state === 'HALTED' && !current.unsure) || current?.flattening) return undefined;
    if (action === 'halt') return { state: 'HALTED', reason: `halt by ${issued_by}: ${reason ?? 'no reason given'}` };
    return { state: 'REDUCING', reason: `stop by ${issued_by}` };
  }

  return {
    async hydrate() {
      if (noOrders === undefined && !isKnown()) {
        await begin();
        return;
      }
      if (current === undefined && noOrders !== undefined) {
        const { shown } = await readStoredState(bus, run);
        // Whatever was kept, from a version that traded or by a hand, ends here.
        current = shown;
        if (!isHaltedFor(shown, noOrders)) return void (await change({ state: 'HALTED', reason: noOrders }));
      }
      // After a lost connection what this process knows is newer than what Redis has kept.
      if (current) await send(adopt(current), current);
    },

    async onCommand(command, delivery) {
      const { command_id, action, issued_ts } = command;
      // A clock that was set back leaves Redis counting on from the time before; the sender's stamp is of the new time.
      const ageMs = delivery.ageMs ?? ageOf(issued_ts, wall.now());
      if (current?.applied_commands.includes(command_id)) {
        log.info({ command_id, action }, 'command was applied before');
        return;
      }
      if (action === 'halt') {
        const { issued_by, reason } = command;
        log.warn({ command_id, issued_by, reason }, 'halt asked for; press Start to trade again');
      }
      if (action === 'start' && noOrders !== undefined) {
        log.warn({ command_id, reason: noOrders }, 'start is refused, the trading state stays HALTED');
      } else if (action === 'start' && (ageMs === undefined || ageMs > COMMAND_MAX_AGE_MS)) {
        log.warn({ command_id, age_ms: ageMs }, 'start has waited too long and is not followed; press Start again');
        return;
      }
      const trouble = action === 'start' ? (await readStoredState(bus, run)).trouble : undefined;
      if (trouble) log.warn({ command_id, code: trouble.code }, 'start is refused while the ledger is in trouble');
      const wish = trouble ? undefined : requestOf(command);
      const unchanged = current && { state: current.state, reason: current.reason, flattening: current.flattening };
      const next = wish ?? unchanged;
      if (next) await change(next, command);
      if (next?.flattening && !exposureIsKnown())
        log.warn({ command_id }, 'what is open is not known, the flatten waits until decision-logger has written it');
    },

    async settle() {
      if (noOrders === undefined && !isKnown()) await lookForState();
      if (current?.flattening && isFlat()) {
        await change({ state: 'HALTED', reason: `${current.reason}: everything is closed` });
        return;
      }
      if (current === undefined) return;
      await mend();
      if (noOrders === undefined) await yieldToLedger();
    },
  };
}

function isHaltedFor(stored: FleetState | undefined, reason: string): boolean {
  return stored?.state === 'HALTED' && stored.reason === reason && !stored.flattening;
}
