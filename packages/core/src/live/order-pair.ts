import type { ChildOrder } from './child-order.ts';
import type { ParentOrder } from './parent-order.ts';

/** An order and the signal that it executes. */
export interface OrderPair {
  readonly parent: ParentOrder;
  readonly child: ChildOrder;
}

/** What the orders tell the rest of live trading. */
export interface OrderHooks {
  /** A fill changed the position of the symbol. */
  readonly onFill: (parent: ParentOrder, nowMs: number) => void;
  /** The venue says that there is nothing to reduce, or an answer contradicts what we know. */
  readonly onContradiction: (symbol: string, nowMs: number) => void;
  /** Why nothing may enter now; undefined if it may. */
  readonly entryBlock: () => { readonly reason: string } | undefined;
  readonly track: (pair: OrderPair) => void;
}
