import type { OrderType } from '@helios/shared/domain/order.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { ExitReason } from '@helios/shared/domain/signal.ts';
import type { Liquidity } from '@helios/shared/domain/venue-event.ts';

/** The simulation mode; it decides order type and cooldown. */
export type SimulationMode = Settings['simulation']['mode'];

/** Exits that cannot wait for a fill: they cross the spread in every mode. */
const URGENT_EXITS: ReadonlySet<ExitReason> = new Set([
  'STOP_LOSS',
  'TRAILING_STOP',
  'TIME_EXIT',
  'SESSION_END',
  'LIQUIDATION',
  'MARGIN_CRITICAL',
]);

/** True for exits that take liquidity in every mode. An exit without a reason can wait. */
export function isUrgentExit(exitReason: ExitReason | undefined): boolean {
  return exitReason !== undefined && URGENT_EXITS.has(exitReason);
}

/** True for the modes whose entries are resting orders: HF_LIMIT and LF_LIMIT. */
export function isLimitMode(mode: SimulationMode): boolean {
  return mode === 'HF_LIMIT' || mode === 'LF_LIMIT';
}

/** The liquidity side that an order of this type expects; it decides the fee. */
export function liquidityOfType(type: OrderType): Liquidity {
  return type === 'LIMIT' ? 'MAKER' : 'TAKER';
}

/** Fee as a fraction of notional. */
export function rateOf(liquidity: Liquidity, fees: Settings['fees']): number {
  return liquidity === 'MAKER' ? fees.maker_fee : fees.taker_fee;
}
