import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import type { FaultInput } from '@helios/exchange-simulator/faults/fault.ts';

/** One account as `/control/accounts` shows it. */
export interface TrueAccount {
  readonly wallet: string;
  readonly positions: readonly { readonly symbol: string; readonly quantity: string }[];
  readonly open_orders: readonly { readonly symbol: string; readonly client_order_id: string }[];
  readonly open_algo_orders: readonly { readonly symbol: string; readonly client_algo_id: string }[];
}

/** The control port of a local exchange with one account: it makes faults and tells the truth. */
export class VenueControl {
  readonly #url: string;

  /** @param url base address of the control port */
  constructor(url: string) {
    this.#url = url;
  }

  async account(): Promise<TrueAccount> {
    const { accounts } = (await this.#get('/control/accounts')) as { accounts: [TrueAccount] };
    return accounts[0];
  }

  /** The history after an event, by default the whole: the control port returns it in parts. */
  async ledger(afterSeq = 0): Promise<readonly LedgerEvent[]> {
    const all: LedgerEvent[] = [];
    for (;;) {
      const { entries } = (await this.#get(`/control/ledger?after=${all.at(-1)?.seq ?? afterSeq}`)) as {
        entries: readonly LedgerEvent[];
      };
      if (entries.length === 0) return all;
      all.push(...entries);
    }
  }

  /** Number of the newest event of the history. */
  async lastSeq(): Promise<number> {
    const path = `/control/ledger?after=${Number.MAX_SAFE_INTEGER}`;
    return ((await this.#get(path)) as { last_seq: number }).last_seq;
  }

  /** How often each fault with a label has struck. */
  async metFaults(): Promise<Readonly<Record<string, number>>> {
    return ((await this.#get('/control/faults')) as { met: Record<string, number> }).met;
  }

  /** Largest request weight of a minute, as the venue counted it. */
  async maxMinuteWeight(): Promise<number> {
    return ((await this.#get('/control/requests')) as { max_minute_weight: number }).max_minute_weight;
  }

  /** Replaces all faults. */
  async setFaults(faults: readonly FaultInput[]): Promise<void> {
    await this.#post('/control/faults', faults);
  }

  /** Makes something happen once; false, and shown why, if the exchange refuses it. */
  act(action: Readonly<Record<string, unknown>>): Promise<boolean> {
    return this.#post('/control/actions', action);
  }

  async #get(path: string): Promise<unknown> {
    return (await fetch(this.#url + path)).json();
  }

  async #post(path: string, body: unknown): Promise<boolean> {
    const answer = await fetch(this.#url + path, { method: 'POST', body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) console.log(`  The exchange refuses: ${text}`);
    return answer.ok;
  }
}

/** What is open on the account, one line each. */
export function openOf({ positions, open_orders, open_algo_orders }: TrueAccount): readonly string[] {
  return [
    ...positions.map(({ symbol, quantity }) => `position ${symbol} ${quantity}`),
    ...open_orders.map(({ symbol, client_order_id }) => `order ${symbol} ${client_order_id}`),
    ...open_algo_orders.map(({ symbol, client_algo_id }) => `stop ${symbol} ${client_algo_id}`),
  ];
}
