import type { Mode, TradingState } from '@helios/shared/domain/fleet.ts';
import type { SentimentState } from '@helios/shared/domain/market-state.ts';

/** What a decision on one symbol has to know beyond that symbol. */
export interface FleetView {
  /** Market time, epoch ms. */
  readonly nowMs: number;
  readonly mode: Mode;
  readonly tradingState: TradingState;
  /** The operator wants everything closed. */
  readonly flattening: boolean;
  /** Positions, entry orders and entries on their way, on all symbols. */
  readonly exposures: number;
  /** Mood of the whole market. */
  readonly sentiment: SentimentState | undefined;
}
