import type { SentimentState } from '@helios/shared/domain/market-state.ts';
import type { TradingState } from '@helios/shared/domain/trading-state.ts';
import type { TradingProfile } from '../trading/profile.ts';

/** What a decision on one symbol has to know beyond that symbol. */
export interface FleetView {
  /** Market time, epoch ms. */
  readonly nowMs: number;
  readonly profile: TradingProfile;
  readonly tradingState: TradingState;
  /** The operator wants everything closed. */
  readonly flattening: boolean;
  /** Positions, entry orders and entries on their way, on all symbols. */
  readonly exposures: number;
  /** Mood of the whole market. */
  readonly sentiment: SentimentState | undefined;
}
