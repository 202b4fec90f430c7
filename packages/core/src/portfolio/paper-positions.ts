import type { MarkPrice } from '@helios/shared/domain/market-data.ts';
import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import { expectFunding, FundingBoard, fundedPosition } from './funding.ts';

const keyOf = (symbol: string, side: Side) => `${symbol}:${side}`;

/** The open positions of a paper account, one at most per symbol and side, and the funding they pay. */
export class PaperPositions {
  readonly #positions = new Map<string, OpenPosition>();
  readonly #fundings = new FundingBoard();
  readonly #funded = new Set<string>();

  find(symbol: string, side: Side): OpenPosition | undefined {
    return this.#positions.get(keyOf(symbol, side));
  }

  /** Opens a position, with the funding it waits for; it replaces the one on its symbol and side. */
  open(position: OpenPosition): void {
    this.add(expectFunding(position, this.#fundings.announcedFor(position.symbol)));
  }

  /** Takes up a position as it is. */
  add(position: OpenPosition): void {
    this.#positions.set(keyOf(position.symbol, position.side), position);
  }

  remove({ symbol, side }: OpenPosition): void {
    this.#positions.delete(keyOf(symbol, side));
  }

  of(symbol: string): OpenPosition[] {
    return [...this.#positions.values()].filter((position) => position.symbol === symbol);
  }

  /** Symbols of all positions, one entry each position. */
  symbols(): string[] {
    return [...this.#positions.values()].map(({ symbol }) => symbol);
  }

  onMark(mark: MarkPrice): void {
    this.#fundings.onMark(mark);
  }

  /** Charges the fundings that are over at `nowMs`. */
  fund(nowMs: number): void {
    for (const position of this.#positions.values()) {
      const funded = fundedPosition(position, this.#fundings.announcedFor(position.symbol), nowMs);
      if (funded === position) continue;
      this.add(funded);
      this.#funded.add(position.symbol);
    }
  }

  /** Symbols of positions that were funded since the last call. */
  takeFunded(): string[] {
    const symbols = [...this.#funded];
    this.#funded.clear();
    return symbols;
  }
}
