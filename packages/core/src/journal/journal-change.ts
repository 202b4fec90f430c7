import type { Execution } from '@helios/shared/domain/execution.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { SimulatorEffect } from '../trading/simulator-port.ts';
import type { LiveLot } from './live-lot.ts';
import type { OpenSignal } from './open-signal.ts';

/** What the ledger stores of live trading, besides its records. */
export interface JournalState {
  readonly signals: readonly OpenSignal[];
  /** Open positions. */
  readonly lots: readonly LiveLot[];
}

/** The changes by one message: records, and the new state of everything that changed. */
export interface JournalChange {
  /** The signal that the message is about; undefined while it is unknown. */
  readonly signal: TradingSignal | undefined;
  readonly effects: readonly SimulatorEffect[];
  readonly signals: readonly OpenSignal[];
  /** Signals that got their final answer. */
  readonly ended: readonly string[];
  readonly lots: readonly LiveLot[];
  /** Fills that no open position explains; only the venue's money has them. */
  readonly unmatched: readonly Execution[];
}

type Lists = Omit<JournalChange, 'signal'>;
/** A change while it is made. */
export type ChangeInWork = { signal: TradingSignal | undefined } & { [K in keyof Lists]: Lists[K][number][] };

export function noChange(): ChangeInWork {
  return { signal: undefined, effects: [], signals: [], ended: [], lots: [], unmatched: [] };
}
