import type { OrderIntent } from '@helios/shared/domain/order.ts';
import type { Liquidity, OrderEvent } from '@helios/shared/domain/venue-event.ts';

/** An order request. Prices in quote currency, times in epoch ms. */
export interface OrderRequest {
  readonly clientOrderId: string;
  readonly intent: OrderIntent;
  readonly placedTs: number;
  /** The price of the decision. The paper venue fills no part at a better price; a real venue ignores it. */
  readonly referencePrice: number;
  /** Market time of the decision, epoch ms; `placedTs` is that of its arrival. Paper only. */
  readonly decidedTs?: number;
  /** Paper only: no market is known, so the order fills at the price of the hand-made signal. */
  readonly named?: { readonly price: number; readonly liquidity: Liquidity };
}

/** Receives orders: the paper venue or Binance, with the same requests and reports. */
export interface Venue {
  /** Returns the reports that are known at once; those of a remote venue arrive later. */
  submit(request: OrderRequest): readonly OrderEvent[];
  /** Cancels a resting order; returns no reports if the order does not rest. */
  cancel(clientOrderId: string, nowMs: number): readonly OrderEvent[];
}
