import type { Account } from '@helios/shared/domain/account.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { ClosedTrade, OpenPosition } from '@helios/shared/domain/position.ts';
import { type Side, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { FillPlan } from '../execution/fill.ts';
import type { WorkingOrders } from '../execution/working-orders.ts';
import type { PaperVenue } from '../paper/paper-venue.ts';
import type { PositionBook } from '../portfolio/position-book.ts';
import { liquidationExit } from './account-exits.ts';
import type { OrderFlow } from './order-flow.ts';
import type { OrderPlacer } from './order-placer.ts';
import type { EntryAnswer, PaperAccount } from './paper-account.ts';
import { reduceWhileCritical } from './reduce-while-critical.ts';
import type { SimulatorEffect } from './simulator-port.ts';

interface Parts {
  readonly account: PaperAccount;
  readonly positions: PositionBook;
  readonly orders: WorkingOrders;
  readonly venue: PaperVenue;
  readonly flow: OrderFlow;
  readonly placer: OrderPlacer;
  readonly instrumentOf: (symbol: string) => Instrument | undefined;
}

/** Applies the account to the positions: sizes or denies entries, liquidates positions, and reduces them while the margin is critical. */
export class AccountWatch {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The account with all open positions. */
  account(nowMs: number): Account {
    return this.#parts.account.of(this.#parts.positions.all(), nowMs);
  }

  addTrade(trade: ClosedTrade): void {
    this.#parts.account.addTrade(trade);
  }

  /** Liquidates, then reduces. Only a book or a mark price changes the value of positions. */
  onMarket({ type, symbol }: MarketEvent, nowMs: number): SimulatorEffect[] {
    if (type !== 'mark' && type !== 'book') return [];
    return [...this.#liquidate(symbol, nowMs), ...this.#reduce(symbol, nowMs)];
  }

  /** Finds the size of an entry, or denies it. The position or order that the entry replaces does not count against it. */
  assess(signal: TradingSignal, plan: FillPlan, nowMs: number): EntryAnswer {
    const { account, instrumentOf } = this.#parts;
    const side = sideOf(signal.direction);
    const others = <T extends { readonly symbol: string; readonly side: Side }>(open: readonly T[]) =>
      open.filter((each) => each.symbol !== signal.symbol || each.side !== side);
    const positions = others(this.#parts.positions.all());
    const entries = others(this.#parts.orders.entries());
    const openCount = positions.length + entries.length;
    return account.assess({ signal, plan, positions, openCount, instrument: instrumentOf(signal.symbol), nowMs });
  }

  /** A symbol's positions with their current liquidation price. */
  positionsOf(symbol: string, nowMs: number): OpenPosition[] {
    const positions = this.#parts.positions.of(symbol);
    const rows = positions.length === 0 ? [] : this.account(nowMs).positions;
    return positions.map((position) => {
      const row = rows.find((of) => of.symbol === symbol && of.side === position.side);
      return row?.liquidation_price === undefined
        ? position
        : { ...position, liquidation_price: row.liquidation_price };
    });
  }

  /** Liquidates positions whose mark price has reached their liquidation price. */
  #liquidate(symbol: string, nowMs: number): SimulatorEffect[] {
    const { account, positions, venue, flow } = this.#parts;
    return account.liquidated(symbol, positions.all(), nowMs).flatMap((liquidation) => {
      const { position, price, fee } = liquidation;
      const event = venue.liquidate(position, price, fee, nowMs);
      return flow.onLiquidated(event, liquidationExit(liquidation, nowMs));
    });
  }

  #reduce(symbol: string, nowMs: number): SimulatorEffect[] {
    const { account, positions, placer, instrumentOf } = this.#parts;
    if (positions.of(symbol).length === 0) return [];
    const reducer = {
      stepOf: (of: string) => instrumentOf(of)?.step_size,
      leave: (exit: TradingSignal, position: OpenPosition, quantity: number) =>
        placer.leave(exit, position, quantity, nowMs),
    };
    return reduceWhileCritical(account, positions, reducer, nowMs);
  }
}
