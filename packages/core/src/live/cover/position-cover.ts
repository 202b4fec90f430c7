import type { StopCover } from '@helios/shared/domain/position.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import type { PriceGrid } from '../../price/price-grid.ts';
import type { VenueCommand, VenueNews, VenueStop } from '../venue-port.ts';

/** The stop that a position needs. Quantity in base currency on the step, price in quote currency on the tick. */
export interface CoverTarget {
  readonly side: Side;
  readonly quantity: number;
  readonly stopPrice: number;
}

/** Why a position must be closed at the market now. */
export interface CloseDemand {
  readonly code: string;
  readonly reason: string;
}

/** Inputs of the cover of one symbol. */
export interface PositionCoverOptions {
  readonly symbol: string;
  /** Client id of the n-th stop of the present position, n from 1. Ids that are known to be used are skipped. */
  readonly stopIdOf: (attempt: number) => string;
  /** True for the id of a stop of this instance's account share, also one of an earlier process. Other stops are never touched. */
  readonly isOurs: (clientAlgoId: string) => boolean;
  /** The position is closed if it is without a resting stop for longer while the venue answers, ms. */
  readonly deadlineMs: number;
  /** Valid prices of the symbol; `undefined` if unknown. */
  readonly grid: () => PriceGrid | undefined;
}

/**
 * Keeps one reduce-only stop per position on the venue, at the wanted price and for the whole quantity. A stop moves by placing
 * the new one first; the old one is cancelled once the venue shows the new one. While no stop rests, the cover watches the stop
 * price itself. After a start the first snapshot must arrive before the first `want`.
 */
export class PositionCover {
  readonly #options: PositionCoverOptions;

  constructor(options: PositionCoverOptions) {
    this.#options = options;
  }

  /** Sets the stop that the position needs; `undefined`: flat, so that all stops are removed. */
  want(_target: CoverTarget | undefined, _nowMs: number): void {}

  /** Applies news of stops, and of the orders that triggered stops became. Other news is ignored. */
  onNews(_news: VenueNews, _nowMs: number): void {}

  /** Compares with all stops that the venue shows on the account, asked for after `tsAsked`. */
  onSnapshot(_stops: readonly VenueStop[], _tsAsked: number, _nowMs: number): void {}

  onPrice(_markPrice: number, _nowMs: number): void {}

  onTimer(_nowMs: number): void {}

  takeCommands(): readonly VenueCommand[] {
    return [];
  }

  /** How the position is protected; `undefined` while it is flat. */
  state(_nowMs: number): StopCover | undefined {
    return undefined;
  }

  /** Why the position must be closed at the market now. It stays as long as the reason does. */
  closeDemand(): CloseDemand | undefined {
    return undefined;
  }

  /** True for a stop of ours on this symbol, also if it is over: its order has the same client id. */
  ownsStop(clientAlgoId: string): boolean {
    return this.#options.isOurs(clientAlgoId);
  }
}
