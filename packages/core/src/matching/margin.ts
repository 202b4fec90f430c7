import { type Bracket, maintenanceOf } from './brackets.ts';
import { absMoney, divided } from './money.ts';

/** A position, or a symbol with open orders only, as margin needs it. Money and quantities in units of 1e-8. */
export interface MarginPosition {
  readonly symbol: string;
  /** BOTH in one-way mode. */
  readonly side: 'BOTH' | 'LONG' | 'SHORT';
  readonly isIsolated: boolean;
  readonly leverage: number;
  readonly brackets: readonly Bracket[];
  /** Signed: positive is long. */
  readonly quantity: bigint;
  /** What the quantity cost; has its sign. */
  readonly cost: bigint;
  /** Value at the mark price; has the sign of the quantity. */
  readonly notional: bigint;
  /** Money set aside for an isolated position; 0 if it is crossed. */
  readonly isolatedWallet: bigint;
  /** Value of the open orders that buy, and of those that sell; without reduce-only orders. */
  readonly bidNotional: bigint;
  readonly askNotional: bigint;
}

/** The margin of one position. */
export interface PositionMargin extends MarginPosition {
  readonly unrealised: bigint;
  readonly positionInitial: bigint;
  readonly openOrderInitial: bigint;
  readonly maintenance: bigint;
}

/** Sums of an account, in money. */
export interface AccountMargin {
  readonly positions: readonly PositionMargin[];
  readonly wallet: bigint;
  /** The wallet without the isolated wallets. */
  readonly crossWallet: bigint;
  readonly unrealised: bigint;
  readonly crossUnrealised: bigint;
  /** Wallet plus unrealised PnL. */
  readonly marginBalance: bigint;
  readonly positionInitial: bigint;
  readonly openOrderInitial: bigint;
  readonly maintenance: bigint;
  readonly crossMaintenance: bigint;
  /** Crossed money that no margin uses; negative if the margins exceed it. */
  readonly free: bigint;
  /** `free`, at least 0. */
  readonly available: bigint;
  /** Unrealised profit cannot be withdrawn. */
  readonly maxWithdraw: bigint;
}

/**
 * Initial margin of open orders: what the larger side needs beyond the position itself.
 *
 * One-way: max(|position + bids|, |position − asks|) / leverage − |position| / leverage. In hedge mode only the orders that open count:
 * the bids of LONG and the asks of SHORT.
 */
export function openOrderMargin(position: MarginPosition): bigint {
  const { side, notional, bidNotional, askNotional, leverage } = position;
  const bids = side === 'SHORT' ? 0n : bidNotional;
  const asks = side === 'LONG' ? 0n : askNotional;
  const most = largerOf(absMoney(notional + bids), absMoney(notional - asks));
  return initialMargin(most, leverage) - initialMargin(notional, leverage);
}

/** Initial margin of a notional, whose sign does not matter. */
export function initialMargin(notional: bigint, leverage: number): bigint {
  return divided(absMoney(notional), BigInt(leverage));
}

/** Margin of an account with this wallet; each position's isolated wallet is part of it. */
export function accountMargin(wallet: bigint, rows: readonly MarginPosition[]): AccountMargin {
  const positions = rows.map((row) => ({
    ...row,
    unrealised: row.notional - row.cost,
    positionInitial: initialMargin(row.notional, row.leverage),
    openOrderInitial: openOrderMargin(row),
    maintenance: maintenanceOf(row.notional, row.brackets),
  }));
  const crossed = positions.filter(({ isIsolated }) => !isIsolated);
  const crossWallet = wallet - sumOf(positions, 'isolatedWallet');
  const crossUnrealised = sumOf(crossed, 'unrealised');
  const openOrderInitial = sumOf(positions, 'openOrderInitial');
  const unrealised = sumOf(positions, 'unrealised');
  const used = sumOf(crossed, 'positionInitial') + openOrderInitial;
  const free = crossWallet + crossUnrealised - used;
  const withdrawable = crossUnrealised > 0n ? crossWallet - used : free;
  return {
    ...{ positions, wallet, crossWallet, unrealised, crossUnrealised, openOrderInitial, free },
    marginBalance: wallet + unrealised,
    positionInitial: sumOf(positions, 'positionInitial'),
    maintenance: sumOf(positions, 'maintenance'),
    crossMaintenance: sumOf(crossed, 'maintenance'),
    available: atLeastZero(free),
    maxWithdraw: atLeastZero(withdrawable),
  };
}

/** True if the crossed positions have reached their maintenance margin. */
export function isCrossLiquidated({ crossWallet, crossUnrealised, crossMaintenance }: AccountMargin): boolean {
  return crossMaintenance > 0n && crossWallet + crossUnrealised <= crossMaintenance;
}

/** True if an isolated position has reached its maintenance margin. */
export function isIsolatedLiquidated({ isIsolated, isolatedWallet, unrealised, maintenance }: PositionMargin): boolean {
  return isIsolated && maintenance > 0n && isolatedWallet + unrealised <= maintenance;
}

type Amount = 'isolatedWallet' | 'unrealised' | 'positionInitial' | 'openOrderInitial' | 'maintenance';

function sumOf(rows: readonly PositionMargin[], amount: Amount): bigint {
  return rows.reduce((sum, row) => sum + row[amount], 0n);
}

function atLeastZero(amount: bigint): bigint {
  return largerOf(amount, 0n);
}

/** Math.max takes no bigint. */
function largerOf(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}
