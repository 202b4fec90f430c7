import type { KeyObject } from 'node:crypto';
import { moneyOf } from '@helios/core/matching/money.ts';
import { AccountHistory } from './account-history.ts';
import { secretKey } from './secret-key.ts';
import { TradingAccount } from './trading-account.ts';

/** Key of an account: an HMAC secret, or the public key of an Ed25519 pair as PEM. */
export interface ApiKey {
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** A key that the venue knows. */
export interface KnownKey {
  readonly account: TradingAccount;
  /** An HMAC secret, or an Ed25519 public key. */
  readonly secret: KeyObject;
}

/** An account as given at the start. */
export interface AccountStart {
  readonly id: string;
  readonly keys: readonly ApiKey[];
  /** USDT, a decimal. */
  readonly balance: string;
  /** Commission in units of 1e-6; default: the venue's VIP 0, 200 and 500. */
  readonly maker?: bigint;
  readonly taker?: bigint;
}

/** The accounts of the venue, found by key or id. */
export class AccountStore {
  readonly #accounts = new Map<string, TradingAccount>();
  readonly #histories = new Map<string, AccountHistory>();
  readonly #keys = new Map<string, KnownKey>();

  /** @param openedTs time of the accounts' first deposits, epoch ms */
  constructor(inputs: readonly AccountStart[], openedTs: number) {
    for (const { id, keys, balance, maker = 200n, taker = 500n } of inputs) {
      const account = new TradingAccount(id, moneyOf(balance), { maker, taker }, openedTs);
      this.#accounts.set(id, account);
      this.#histories.set(id, new AccountHistory());
      for (const { apiKey, apiSecret } of keys)
        this.#keys.set(apiKey, { secret: preparedSecret(id, apiSecret), account });
    }
  }

  all(): readonly TradingAccount[] {
    return [...this.#accounts.values()];
  }

  byId(id: string): TradingAccount | undefined {
    return this.#accounts.get(id);
  }

  /** Account and secret of a key; undefined for an unknown key. */
  byKey(apiKey: string): KnownKey | undefined {
    return this.#keys.get(apiKey);
  }

  history(account: TradingAccount): AccountHistory {
    const history = this.#histories.get(account.id);
    if (history === undefined) throw new Error(`There is no account ${account.id}.`);
    return history;
  }
}

/** Prepares a secret once: each signature would prepare a text again. */
function preparedSecret(id: string, secret: string): KeyObject {
  const key = secretKey(secret);
  if (key === undefined) throw new Error(`The secret of account ${id} is a public key that cannot be read.`);
  return key;
}
