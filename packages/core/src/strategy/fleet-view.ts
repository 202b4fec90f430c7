import type { SentimentState } from '@helios/shared/domain/market-state.ts';
import type { TradingState } from '@helios/shared/domain/trading-state.ts';
import type { ModelOpinions } from '../model/model-opinions.ts';
import type { TradingProfile } from '../trading/profile.ts';

/** Fleet-wide inputs of a decision on one symbol. */
export interface FleetView {
  /** Market time, epoch ms. */
  readonly nowMs: number;
  readonly profile: TradingProfile;
  readonly tradingState: TradingState;
  /** True if the operator has requested to close everything. */
  readonly flattening: boolean;
  /** Number of positions, entry orders and pending entries on all symbols. */
  readonly exposures: number;
  /** Sentiment of the whole market. */
  readonly sentiment: SentimentState | undefined;
  /** Mean return of all symbols over some minutes, in standard deviations; undefined below three warm symbols. */
  readonly meanMove: (minutes: number) => number | undefined;
  /** The model's opinions on this decision; undefined without a model. */
  readonly model?: ModelOpinions | undefined;
  /** False: refused triggers are neither recorded nor followed up. */
  readonly recordsRefusals?: boolean | undefined;
}
