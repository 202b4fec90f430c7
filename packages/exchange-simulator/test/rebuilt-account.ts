/** An account as a client knows it from its user events alone. */
export class RebuiltAccount {
  wallet: string | undefined;
  /** Position amounts and entry prices by `symbol|side`; flat ones are left out. */
  readonly positions = new Map<string, { readonly amount: string; readonly entryPrice: string }>();
  /** Executed quantity of each open order by id text. */
  readonly openOrders = new Map<string, string>();
  /** Ids of conditional orders that wait for their trigger. */
  readonly waitingStops = new Set<string>();
  readonly tradeIds = new Set<number>();
  readonly problems: string[] = [];

  // biome-ignore lint/suspicious/noExplicitAny: events of every shape
  apply(event: any): void {
    if (event.e === 'ACCOUNT_UPDATE') this.#onBalance(event.a);
    if (event.e === 'ORDER_TRADE_UPDATE') this.#onOrder(event.o);
    if (event.e === 'ALGO_UPDATE' && event.o.X === 'NEW') this.waitingStops.add(String(event.o.aid));
    else if (event.e === 'ALGO_UPDATE') this.waitingStops.delete(String(event.o.aid));
  }

  // biome-ignore lint/suspicious/noExplicitAny: an event's body
  #onBalance({ B, P }: any): void {
    for (const { a, wb } of B) if (a === 'USDT') this.wallet = wb;
    for (const { s, ps, pa, ep } of P) {
      if (Number(pa) === 0) this.positions.delete(`${s}|${ps}`);
      else this.positions.set(`${s}|${ps}`, { amount: pa, entryPrice: ep });
    }
  }

  // biome-ignore lint/suspicious/noExplicitAny: an event's body
  #onOrder({ c, i, q, z, x, X, t, l }: any): void {
    const id = String(i);
    if (Number(z) > Number(q)) this.problems.push(`order ${c} filled ${z} of ${q}`);
    if (x === 'TRADE' && this.tradeIds.has(t)) this.problems.push(`trade ${t} twice`);
    if (x === 'TRADE' && !(Number(l) > 0)) this.problems.push(`trade ${t} of ${l}`);
    if (x === 'TRADE') this.tradeIds.add(t);
    if (x !== 'NEW' && !this.openOrders.has(id) && x !== 'CALCULATED')
      this.problems.push(`${x} of order ${c}, which is not open`);
    if (X === 'NEW' || X === 'PARTIALLY_FILLED') this.openOrders.set(id, z);
    else this.openOrders.delete(id);
  }
}
