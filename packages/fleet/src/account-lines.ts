import type { RememberedState } from '@helios/shared/domain/fleet.ts';
import type { Accounts, LedgerAccount } from '@helios/shared/runtime/ledger-reader.ts';

const HEADS = ['run', 'balance', 'PnL', 'trades', 'by hand', 'open positions', 'last activity', 'trading state'];

/** All accounts as a table; the account of the running fleet is marked. Unreadable ledgers are listed below. */
export function listAccounts(
  { accounts, unreadable }: Accounts,
  { current, replays }: { readonly current: string | undefined; readonly replays: boolean },
): string[] {
  const shown = accounts.filter(({ isReplay }) => replays || !isReplay);
  const hidden = accounts.length - shown.length;
  const replaysNote = hidden === 0 ? [] : [`${hidden} replay sessions are hidden. --replays shows them.`];
  const note = [...replaysNote, ...unreadable];
  if (shown.length === 0 && unreadable.length > 0) return note;
  if (shown.length === 0) return ['There is no paper account yet. Start a fleet first.', ...note];
  const table = [HEADS, ...shown.map((account) => rowOf(account, current))];
  const widths = HEADS.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [
    ...lines,
    ...(shown.some(({ run }) => run === current) ? ['* account of the fleet that started last on this Redis'] : []),
    ...note,
  ];
}

function rowOf(account: LedgerAccount, current: string | undefined): string[] {
  const { run, realized_pnl, trades, positions, resting_orders } = account;
  const orders = resting_orders === 0 ? '' : `, ${resting_orders} orders`;
  return [
    run === current ? `${run} *` : run,
    balanceOf(account),
    money(realized_pnl),
    String(trades),
    byHand(account),
    `${positions.length}${orders}`,
    timeOf(account.last_activity_ts),
    wordOf(account.trading),
  ];
}

/** One account with its open positions. */
export function describeAccount(account: LedgerAccount): string[] {
  const { run, path, starting_balance, realized_pnl, trades, decisions, positions, resting_orders, trading } = account;
  const reason = trading.kind === 'KEPT' ? ` (${trading.state.reason})` : '';
  return [
    `Account of the run ${run}`,
    `  ledger          ${path}`,
    `  trading state   ${wordOf(trading)}${reason}`,
    `  balance         ${balanceOf(account)}${starting_balance === undefined ? '' : ` (started with ${money(starting_balance)})`}`,
    `  realised PnL    ${money(realized_pnl)} after fees, from ${trades} trades`,
    `  trades by hand  ${byHand(account)}, not in the figures above`,
    `  decisions       ${decisions}`,
    `  last activity   ${timeOf(account.last_activity_ts)}`,
    `  resting orders  ${resting_orders}`,
    `  open positions  ${positions.length}`,
    ...positions.map(
      ({ symbol, side, quantity, entry_price, entry_ts }) =>
        `    ${symbol} ${side} ${quantity} at ${entry_price} since ${timeOf(entry_ts)}`,
    ),
  ];
}

const money = (value: number): string => `${value.toFixed(2)} USDT`;
const timeOf = (ts: number | undefined): string => (ts === undefined ? '–' : new Date(ts).toISOString());

/** Result and number of the trades that a hand-made signal opened. */
const byHand = ({ external_pnl, external_trades }: LedgerAccount): string =>
  `${money(external_pnl)} (${external_trades})`;

/** Excludes open positions: their value depends on the market. */
const balanceOf = ({ starting_balance, realized_pnl }: LedgerAccount): string =>
  starting_balance === undefined ? '–' : money(starting_balance + realized_pnl);

const WORDS = { FIRST_START: 'not started yet', LOST: 'not in the ledger (an earlier version)' } as const;
const wordOf = (trading: RememberedState): string =>
  trading.kind === 'KEPT' ? trading.state.state : WORDS[trading.kind];
