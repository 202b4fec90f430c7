import type { AccountStore } from '../accounts/account-store.ts';
import type { Position, TradingAccount } from '../accounts/trading-account.ts';
import type { StateContent } from './state-content.ts';
import { type StatePart, StateRows } from './state-part.ts';

type AccountRow = Pick<TradingAccount, 'wallet' | 'isHedge' | 'isMultiAssets' | 'paysFeesInBnb' | 'settings'>;

/** Wallets, settings and positions of the accounts. */
export class AccountsPart implements StatePart {
  readonly #accounts: AccountStore;
  /** Rows as last written: accounts as text, positions as the object itself, which is never changed in place. */
  readonly #written = new Map<string, string>();
  readonly #positions = new Map<string, Position>();

  constructor(accounts: AccountStore) {
    this.#accounts = accounts;
  }

  restore(content: StateContent): void {
    for (const [id, row] of content.table('accounts')) {
      const account = this.#accounts.byId(id);
      if (account !== undefined) take(account, row as AccountRow);
    }
    for (const row of content.table('positions').values()) {
      const { accountId, ...position } = row as Position & { readonly accountId: string };
      this.#accounts.byId(accountId)?.setPosition(position);
    }
  }

  *all(): Iterable<StateRows> {
    const rows = new StateRows();
    this.changed([], rows);
    yield rows;
  }

  changed(_: unknown, rows: StateRows): void {
    for (const account of this.#accounts.all()) {
      const row = rowOf(account);
      const text = textOf(row);
      if (text !== this.#written.get(account.id)) {
        this.#written.set(account.id, text);
        rows.set('accounts', account.id, row);
      }
      for (const position of account.positions()) this.#position(account.id, position, rows);
    }
  }

  #position(accountId: string, position: Position, rows: StateRows): void {
    const key = `${accountId}|${position.symbol}|${position.side}`;
    if (this.#positions.get(key) === position) return;
    this.#positions.set(key, position);
    rows.set('positions', key, { accountId, ...position });
  }
}

function rowOf({ wallet, isHedge, isMultiAssets, paysFeesInBnb, settings }: TradingAccount): AccountRow {
  return { wallet, isHedge, isMultiAssets, paysFeesInBnb, settings };
}

function textOf({ wallet, ...settings }: AccountRow): string {
  return `${wallet} ${JSON.stringify(settings)}`;
}

function take(account: TradingAccount, { settings, ...row }: AccountRow): void {
  Object.assign(account, row);
  for (const [symbol, leverage] of settings.leverage) account.setLeverage(symbol, leverage);
  for (const [symbol, type] of settings.marginTypes) account.setMarginType(symbol, type);
}
