import { Records } from '@helios/shared/contracts/catalog.ts';
import { FleetState, type RememberedState } from '@helios/shared/domain/fleet.ts';
import { haltingTrouble, type LedgerTrouble } from '@helios/shared/domain/known-ledger.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

/** The trading state of a run in Redis and in the ledger. */
export interface StoredState {
  /** `fleet:state`; undefined if Redis has lost it, or if it belongs to another run, or if it was never certain. */
  readonly shown: FleetState | undefined;
  /** Undefined until decision-logger publishes its ledger. */
  readonly ledger: RememberedState | undefined;
  /** Why the account is unknown: its ledger is missing, replaced or damaged. */
  readonly trouble: LedgerTrouble | undefined;
}

export async function readStoredState(bus: Bus<'signal-engine'>, run: string): Promise<StoredState> {
  const [shown, projection, trouble] = await Promise.all([
    bus.getRecord(Records.fleetState),
    bus.getRecord(Records.ledgerProjection),
    bus.getRecord(Records.ledgerTrouble),
  ]);
  const isOurs = shown !== undefined && (shown.run === undefined || shown.run === run) && !shown.unsure;
  return {
    shown: isOurs ? shown : undefined,
    ledger: projection?.run === run ? projection.trading : undefined,
    trouble: haltingTrouble(trouble, run),
  };
}

const TROUBLES = {
  MISSING: 'the ledger is missing',
  REPLACED: 'another ledger has replaced that of this run',
  OLDER: 'the ledger is an older copy',
  DAMAGED: 'the ledger cannot be read',
  OVERWRITTEN: 'the ledger was overwritten while in use',
  UNWRITABLE: 'the ledger takes no writes',
} as const satisfies Record<LedgerTrouble['code'], string>;

/** Why a problem with the ledger halts trading, and what to do. */
export const haltReason = ({ code }: LedgerTrouble): string =>
  `${TROUBLES[code]}: follow the alert LEDGER_LOST, then press Start`;

/** The restored state of a start, or the code of its initial state. */
export type TakenUp =
  | { readonly kind: 'STATE'; readonly state: FleetState }
  | { readonly kind: 'FIRST_START' | 'LOST' | 'UNKNOWN' };

/**
 * Chooses the state of a start from both. Redis may have gone back in time, and the ledger may have missed a change. If they
 * differ, the stricter one counts, unless the other is newer and comes from Redis. The state from Redis gets a later timestamp
 * than that of the ledger, so that the ledger stores it.
 */
export function takeUp({ shown, ledger }: Pick<StoredState, 'shown' | 'ledger'>): TakenUp {
  if (shown === undefined) return ledger?.kind === 'KEPT' ? { kind: 'STATE', state: ledger.state } : absent(ledger);
  if (ledger?.kind !== 'KEPT' || ledger.state.changed_ts <= shown.changed_ts) return { kind: 'STATE', state: shown };
  if (RANK[ledger.state.state] <= RANK[shown.state]) return { kind: 'STATE', state: ledger.state };
  return { kind: 'STATE', state: { ...shown, changed_ts: ledger.state.changed_ts + 1 } };
}

const absent = (ledger: RememberedState | undefined): TakenUp => ({
  kind: ledger === undefined || ledger.kind === 'KEPT' ? 'UNKNOWN' : ledger.kind,
});

/** True if Redis has exactly this state, field by field. */
export const isSameState = (shown: FleetState | undefined, ours: FleetState): boolean =>
  shown !== undefined && textOf(shown) === textOf(ours);

/** Parsed first, so that the order of fields and undefined fields make no difference. */
const textOf = (state: FleetState): string => JSON.stringify(FleetState.parse(state));

/** The state of the ledger if it is newer than `state` and stricter. */
export function stricterInLedger(state: FleetState, ledger: RememberedState | undefined): FleetState | undefined {
  if (ledger?.kind !== 'KEPT' || ledger.state.changed_ts <= state.changed_ts) return undefined;
  return RANK[ledger.state.state] < RANK[state.state] ? ledger.state : undefined;
}

const RANK = { HALTED: 0, REDUCING: 1, ACTIVE: 2 } as const;
