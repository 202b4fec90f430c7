import type { MarginMode } from '@helios/shared/domain/account.ts';
import { isLoose, isOfOtherSymbol, isSignedDecimal, isSymbol, isWhole, type Loose } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';

/** A balance after a change. Decimal strings. */
export interface BalanceUpdate {
  readonly asset: string;
  readonly walletBalance: string;
  readonly crossWalletBalance: string;
}

/** A position after a change. Decimal strings; the amount is negative for a short in one-way mode. */
export interface PositionChange {
  readonly symbol: string;
  readonly positionSide: string;
  readonly amount: string;
  readonly entryPrice: string;
  /** Margin mode of the position; undefined if the event does not name it. */
  readonly marginMode: MarginMode | undefined;
}

/** The words of the event: the REST answers use others. */
const MARGIN_MODES: ReadonlyMap<unknown, MarginMode> = new Map([
  ['isolated', 'ISOLATED'],
  ['cross', 'CROSSED'],
]);

/** `ACCOUNT_UPDATE`: only what changed. Source: developers.binance.com, USDⓈ-M, Event Balance and Position Update. */
export interface AccountUpdate {
  readonly kind: 'ACCOUNT_UPDATE';
  /** ORDER, FUNDING_FEE, DEPOSIT, MARGIN_TRANSFER, … */
  readonly reason: string;
  readonly balances: readonly BalanceUpdate[];
  readonly positions: readonly PositionChange[];
  readonly tsEvent: number;
  readonly tsSent: number;
}

export function parseAccountUpdate({ E, T, a }: Loose): AccountUpdate | WireFault {
  const bad = (field: string, value: unknown): WireFault => badField('ACCOUNT_UPDATE', field, value);
  if (!isWhole(E)) return bad('E', E);
  if (!isWhole(T)) return bad('T', T);
  if (!isLoose(a)) return bad('a', a);
  const { m, B, P } = a;
  if (typeof m !== 'string') return bad('a.m', m);
  const balances = rowsOf('a.B', B, parseBalance);
  if ('kind' in balances) return balances;
  // Positions in symbols with other letters than A to Z are not ours, and must not cost the whole message.
  const rows = Array.isArray(P) ? P.filter((row) => !isOfOtherSymbol(row, 's')) : P;
  const positions = rowsOf('a.P', rows, parsePosition);
  if ('kind' in positions) return positions;
  return { kind: 'ACCOUNT_UPDATE', reason: m, balances, positions, tsEvent: T, tsSent: E };
}

/** Parses a list; one unreadable row makes the whole message a fault. A missing list is empty. */
function rowsOf<T extends object>(
  field: string,
  value: unknown,
  parse: (row: Loose) => T | string,
): readonly T[] | WireFault {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return badField('ACCOUNT_UPDATE', field, value);
  const rows: T[] = [];
  for (const row of value) {
    const read = isLoose(row) ? parse(row) : 'a row';
    if (typeof read === 'string') return badField('ACCOUNT_UPDATE', `${field}: ${read}`, row);
    rows.push(read);
  }
  return rows;
}

/** A row, or the name of its bad field. */
function parseBalance({ a, wb, cw }: Loose): BalanceUpdate | string {
  if (typeof a !== 'string') return 'a';
  if (!isSignedDecimal(wb)) return 'wb';
  return isSignedDecimal(cw) ? { asset: a, walletBalance: wb, crossWalletBalance: cw } : 'cw';
}

function parsePosition({ s, ps, pa, ep, mt }: Loose): PositionChange | string {
  if (!isSymbol(s)) return 's';
  if (typeof ps !== 'string') return 'ps';
  if (!isSignedDecimal(pa)) return 'pa';
  if (!isSignedDecimal(ep)) return 'ep';
  return { symbol: s, positionSide: ps, amount: pa, entryPrice: ep, marginMode: MARGIN_MODES.get(mt) };
}
