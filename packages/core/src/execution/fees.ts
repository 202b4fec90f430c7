import type { Settings } from '@helios/shared/domain/settings.ts';
import type { ExitReason } from '@helios/shared/domain/signal.ts';

/** Order type and cooldown that are simulated. */
export type SimulationMode = Settings['simulation']['mode'];
/** MAKER: the order rested and was traded against. TAKER: it took what rested. */
export type Liquidity = 'MAKER' | 'TAKER';
/** Which leg of a round trip an order is. */
export type Purpose = 'ENTRY' | 'EXIT';

/** Exits that cannot wait for a fill: they cross the spread in every mode. */
const URGENT_EXITS: ReadonlySet<ExitReason> = new Set(['STOP_LOSS', 'TRAILING_STOP', 'TIME_EXIT', 'SESSION_END']);

/** True for exits that take in every mode. An exit without a reason can wait. */
export function isUrgentExit(exitReason: ExitReason | undefined): boolean {
  return exitReason !== undefined && URGENT_EXITS.has(exitReason);
}

/** True for the modes that rest their entries: HF_LIMIT and LF_LIMIT. */
export function isLimitMode(mode: SimulationMode): boolean {
  return mode === 'HF_LIMIT' || mode === 'LF_LIMIT';
}

/** Which fee a leg pays by the table of DESIGN 5: maker in LIMIT modes unless the exit is urgent, else taker. */
export function liquidityOf(mode: SimulationMode, purpose: Purpose, exitReason: ExitReason | undefined): Liquidity {
  if (!isLimitMode(mode)) return 'TAKER';
  return purpose === 'EXIT' && isUrgentExit(exitReason) ? 'TAKER' : 'MAKER';
}

/** Fee as a fraction of notional. */
export function rateOf(liquidity: Liquidity, fees: Settings['fees']): number {
  return liquidity === 'MAKER' ? fees.maker_fee : fees.taker_fee;
}

/** Fee of one leg by mode, purpose and exit reason, as a fraction of notional. */
export function feeRate(
  fees: Settings['fees'],
  mode: SimulationMode,
  purpose: Purpose,
  exitReason: ExitReason | undefined,
): number {
  return rateOf(liquidityOf(mode, purpose, exitReason), fees);
}
