import type { OrderIntent } from '@helios/shared/domain/order.ts';
import type { Liquidity, OrderEvent } from '@helios/shared/domain/venue-event.ts';

/** An order as it is sent. Prices in quote currency, times epoch ms. */
export interface OrderRequest {
  readonly clientOrderId: string;
  readonly intent: OrderIntent;
  readonly placedTs: number;
  /** The price it was decided on. The paper venue fills no part better; a real venue does not need it. */
  readonly referencePrice: number;
  /** Paper only: no market is known, so the order fills at the price that somebody named. */
  readonly named?: { readonly price: number; readonly liquidity: Liquidity };
}

/** Where orders go: the paper venue or Binance. The same requests, and the same reports. */
export interface Venue {
  /** Returns the reports that are known at once; those of a remote venue arrive later. */
  submit(request: OrderRequest): readonly OrderEvent[];
  /** Ends an order that rests; returns nothing where it does not rest. */
  cancel(clientOrderId: string, nowMs: number): readonly OrderEvent[];
}
