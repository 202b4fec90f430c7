import { Records } from '@helios/shared/contracts/catalog.ts';
import { FleetState, type RememberedState } from '@helios/shared/domain/fleet.ts';
import { haltingTrouble, type LedgerTrouble } from '@helios/shared/domain/known-ledger.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

/** What Redis and the ledger hold of a run's trading state. */
export interface StoredState {
  /** `fleet:state`; undefined where Redis has lost it, or shows that of another run, or one that was never sure. */
  readonly shown: FleetState | undefined;
  /** Undefined until decision-logger shows the ledger. */
  readonly ledger: RememberedState | undefined;
  /** Why nobody knows the account: its ledger is missing, exchanged or damaged. */
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
  REPLACED: 'another ledger lies in the place of this run’s',
  OLDER: 'the ledger is an older copy',
  DAMAGED: 'the ledger cannot be read',
  OVERWRITTEN: 'the ledger was overwritten while in use',
  UNWRITABLE: 'the ledger takes no writes',
} as const satisfies Record<LedgerTrouble['code'], string>;

/** Why a trouble of the ledger halts, and what to do. */
export const haltReason = ({ code }: LedgerTrouble): string =>
  `${TROUBLES[code]}: follow the alert LEDGER_LOST, then press Start`;

/** The state that a start takes up, or the code of what it begins with. */
export type TakenUp =
  | { readonly kind: 'STATE'; readonly state: FleetState }
  | { readonly kind: 'FIRST_START' | 'LOST' | 'UNKNOWN' };

/**
 * What a start makes of both. Redis may have gone back in time and the ledger may have missed a change: of two that
 * differ the stricter counts, unless the other one is newer and Redis has it. Redis' state is stamped later than the
 * ledger's, so that the ledger takes it over.
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

/** True where Redis shows the state field by field. */
export const isSameState = (shown: FleetState | undefined, ours: FleetState): boolean =>
  shown !== undefined && textOf(shown) === textOf(ours);

/** Parsed, so that the order of fields and those that are undefined make no difference. */
const textOf = (state: FleetState): string => JSON.stringify(FleetState.parse(state));

/** The ledger's state where it is newer than `state` and allows less. */
export function stricterInLedger(state: FleetState, ledger: RememberedState | undefined): FleetState | undefined {
  if (ledger?.kind !== 'KEPT' || ledger.state.changed_ts <= state.changed_ts) return undefined;
  return RANK[ledger.state.state] < RANK[state.state] ? ledger.state : undefined;
}

const RANK = { HALTED: 0, REDUCING: 1, ACTIVE: 2 } as const;
