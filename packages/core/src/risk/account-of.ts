import type { Account, AccountPosition, MarginMode } from '@helios/shared/domain/account.ts';
import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { signOf } from '../strategy/side-sign.ts';
import { liquidationPrice, type MarginTier, maintenanceMargin } from './liquidation.ts';
import { marginFigures, marginLevel } from './margin-ladder.ts';

/** Input of an account. Money in quote currency. */
export interface AccountInput {
  readonly run: string;
  readonly nowMs: number;
  /** Starting balance plus the realised PnL of closed trades. */
  readonly realizedBalance: number;
  readonly positions: readonly OpenPosition[];
  /** Mark price of a symbol; `undefined` if unknown. */
  readonly markOf: (symbol: string) => number | undefined;
  readonly tiersOf: (symbol: string) => readonly MarginTier[];
  readonly settings: Pick<Settings, 'risk' | 'trading'>;
}

/**
 * The account as the venue would report it. The wallet already includes fees and funding of open positions, and the PnL of their
 * closed parts.
 *
 * ISOLATED positions lock the margin of their entry. CROSSED positions lock mark value / leverage, and their unrealised PnL
 * counts as available, as in the venue's `availableBalance`. A position without a mark price is valued at its entry price; both
 * margin figures are then unknown.
 */
export function accountOf(input: AccountInput): Account {
  const { positions, settings } = input;
  const mode: MarginMode = settings.risk.margin_mode === 'crossed' ? 'CROSSED' : 'ISOLATED';
  const wallet = input.realizedBalance + sum(positions.map(realizedOf));
  const rows = positions.map((position) => rowOf(position, input, mode));
  const unrealized = sum(rows.map(({ unrealized_pnl }) => unrealized_pnl));
  const initial = sum(rows.map(({ margin }) => margin));
  const maintenance = sum(rows.map(({ maintenance_margin }) => maintenance_margin));
  const available = Math.max(wallet - initial + (mode === 'CROSSED' ? unrealized : 0), 0);
  const known = rows.every(({ mark_known }) => mark_known);
  const figures = marginFigures({
    available: known ? available : undefined,
    marginBalance: wallet + unrealized,
    maintenance: known ? maintenance : undefined,
  });
  return {
    run: input.run,
    wallet_balance: wallet,
    unrealized_pnl: unrealized,
    margin_balance: wallet + unrealized,
    available_balance: available,
    initial_margin: initial,
    maintenance_margin: maintenance,
    ...(figures.freeMarginPct !== undefined && { free_margin_pct: figures.freeMarginPct }),
    ...(figures.maintenanceRatioPct !== undefined && { maintenance_ratio_pct: figures.maintenanceRatioPct }),
    margin_level: marginLevel(figures, settings.risk),
    positions: rows.map((row, i) => withLiquidation(row, i, rows, wallet, input)),
    simulated: true,
    updated_ts: input.nowMs,
  };
}

/** Realised PnL of an open position; its trade counts once it is flat. */
function realizedOf({ side, entry_price, entry_fee, funding = 0, exit_fills = [] }: OpenPosition): number {
  const left = exit_fills.map(({ price, quantity, fee }) => signOf(side) * (price - entry_price) * quantity - fee);
  return sum(left) - entry_fee - funding;
}

function rowOf(position: OpenPosition, input: AccountInput, mode: MarginMode): AccountPosition {
  const { symbol, side, quantity, entry_price } = position;
  const mark = input.markOf(symbol);
  const price = mark ?? entry_price;
  // A position of an earlier version, or of another profile, stores no leverage.
  const leverage = position.leverage ?? input.settings.trading.leverage;
  const opened = position.margin ?? (quantity * entry_price) / leverage;
  return {
    symbol,
    side,
    quantity,
    entry_price,
    mark_price: price,
    mark_known: mark !== undefined,
    notional: quantity * price,
    unrealized_pnl: signOf(side) * quantity * (price - entry_price),
    margin_mode: mode,
    leverage,
    margin: mode === 'ISOLATED' ? opened : (quantity * price) / leverage,
    maintenance_margin: maintenanceMargin(quantity * price, input.tiersOf(symbol)),
  };
}

function withLiquidation(
  row: AccountPosition,
  index: number,
  rows: readonly AccountPosition[],
  wallet: number,
  { tiersOf }: AccountInput,
): AccountPosition {
  const others = rows.filter((_, i) => i !== index);
  const collateral =
    row.margin_mode === 'ISOLATED'
      ? row.margin
      : wallet + sum(others.map((other) => other.unrealized_pnl - other.maintenance_margin));
  const { side, quantity, entry_price: entryPrice, symbol } = row;
  const price = liquidationPrice({ side, quantity, entryPrice, collateral }, tiersOf(symbol));
  return price === undefined ? row : { ...row, liquidation_price: price };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
