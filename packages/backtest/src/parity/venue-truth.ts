import { audit, type Violation } from '@helios/exchange-simulator/audit/auditor.ts';
import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import type { RunningExchange } from '@helios/exchange-simulator/start-exchange.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';

const ROWS = 10_000;

/** The exchange's own record of the account. */
export interface VenueTruth {
  readonly ledger: readonly LedgerEvent[];
  /** Wallet before and after, decimal texts. */
  readonly before: string;
  readonly after: string;
  /** True if no position, order or stop is open. */
  readonly isFlat: boolean;
}

interface OurRecord {
  /** Wallet at the start, decimal text. */
  readonly balance: string;
  /** Ids of the strategy's signals. */
  readonly signals: readonly string[];
  readonly executions: readonly Execution[];
  readonly trades: readonly ClosedTrade[];
}

interface AccountPage {
  readonly accounts: readonly {
    readonly wallet: string;
    readonly positions: readonly unknown[];
    readonly open_orders: readonly unknown[];
    readonly open_algo_orders: readonly unknown[];
  }[];
}

/** Reads what truly happened, and compares our record with it. */
export async function venueTruthOf(
  exchange: Pick<RunningExchange, 'controlUrl'>,
  { balance, signals, executions, trades }: OurRecord,
): Promise<{ readonly truth: VenueTruth; readonly violations: readonly Violation[] }> {
  const ledger: LedgerEvent[] = [];
  for (;;) {
    const path = `/control/ledger?after=${ledger.at(-1)?.seq ?? 0}&limit=${ROWS}`;
    const { entries } = await shown<{ entries: LedgerEvent[] }>(exchange, path);
    ledger.push(...entries);
    if (entries.length < ROWS) break;
  }
  const [account] = (await shown<AccountPage>(exchange, '/control/accounts')).accounts;
  if (account === undefined) throw new Error('the exchange has no account');
  const { wallet: after, positions, open_orders, open_algo_orders } = account;
  const isFlat = positions.length + open_orders.length + open_algo_orders.length === 0;
  const truth = { ledger, before: balance, after, isFlat };
  const violations = audit({ ledger, executions, trades, signals, wallets: { before: balance, after } });
  return { truth, violations };
}

async function shown<T>({ controlUrl }: Pick<RunningExchange, 'controlUrl'>, path: string): Promise<T> {
  const answer = await fetch(controlUrl + path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
