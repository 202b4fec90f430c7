import type { AccountStore } from '../accounts/account-store.ts';
import type { AccountTrade, Income, MarginChange } from '../accounts/trading-account.ts';
import type { HistoryEntry, TrueHistory } from '../accounts/true-history.ts';
import type { StateContent } from './state-content.ts';
import { type StatePart, StateRows } from './state-part.ts';

type Owned<T> = { readonly accountId: string; readonly row: T };

/** Trades, income and margin changes of the accounts, and the true history. */
export class HistoryPart implements StatePart {
  readonly #accounts: AccountStore;
  readonly #truth: TrueHistory;
  #pending: { readonly list: string; readonly row: Owned<unknown> }[] = [];
  #writtenSeq = 0;

  constructor(accounts: AccountStore, truth: TrueHistory) {
    this.#accounts = accounts;
    this.#truth = truth;
  }

  restore(content: StateContent): void {
    for (const one of content.list('trades') as readonly Owned<AccountTrade>[])
      this.#history(one.accountId)?.addTrade(one.row);
    for (const one of content.list('income') as readonly Owned<Income>[])
      this.#history(one.accountId)?.addIncome(one.row);
    for (const one of content.list('marginChanges') as readonly Owned<MarginChange>[])
      this.#history(one.accountId)?.addMarginChange(one.row);
    this.#truth.restore(content.list('events') as readonly HistoryEntry[]);
    this.#writtenSeq = this.#truth.lastSeq;
    for (const { id: accountId } of this.#accounts.all())
      this.#history(accountId)?.watch((list, row) => this.#pending.push({ list, row: { accountId, row } }));
  }

  *all(): Iterable<StateRows> {
    for (const { id: accountId } of this.#accounts.all()) {
      const history = this.#history(accountId);
      for (const row of history?.trades() ?? []) yield oneRow('trades', { accountId, row });
      for (const row of history?.income() ?? []) yield oneRow('income', { accountId, row });
      for (const row of history?.marginChanges() ?? []) yield oneRow('marginChanges', { accountId, row });
    }
    for (const entry of this.#truth.after(0)) yield oneRow('events', entry);
  }

  changed(_: unknown, rows: StateRows): void {
    for (const { list, row } of this.#pending) rows.push(list, row);
    this.#pending = [];
    for (const entry of this.#truth.after(this.#writtenSeq)) rows.push('events', entry);
    this.#writtenSeq = this.#truth.lastSeq;
  }

  #history(accountId: string): ReturnType<AccountStore['history']> | undefined {
    const account = this.#accounts.byId(accountId);
    return account && this.#accounts.history(account);
  }
}

function oneRow(list: string, row: unknown): StateRows {
  const rows = new StateRows();
  rows.push(list, row);
  return rows;
}
