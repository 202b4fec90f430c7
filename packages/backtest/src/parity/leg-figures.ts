import { decisionPriceOf } from '@helios/core/journal/open-signal.ts';
import { signOf } from '@helios/core/strategy/side-sign.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { sideOf } from '@helios/shared/domain/signal.ts';
import type { LegRow } from './difference.ts';
import type { TradePair } from './trade-pairs.ts';

type Figures = Omit<LegRow, 'cause' | 'detail'>;

/** Prices, times and cost of one leg in both runs. */
export function legFigures({ signal, live, paper }: TradePair, leg: LegRow['leg']): Figures {
  const { signal_id: id, symbol, timestamp } = signal;
  const [ours, theirs] = [live?.trade && legOf(live.trade, leg), paper?.trade && legOf(paper.trade, leg)];
  const decisionPrice = leg === 'ENTRY' ? decisionPriceOf(signal) : ours?.decisionPrice;
  const common = { id, symbol, leg, decisionPrice, livePrice: ours?.price, paperPrice: theirs?.price };
  if (ours === undefined || theirs === undefined)
    return { ...common, ts: timestamp, timeMs: undefined, costBp: undefined, cost: undefined };
  const isBuy = signOf(sideOf(signal.direction)) === (leg === 'ENTRY' ? 1 : -1);
  const worse = isBuy ? ours.price - theirs.price : theirs.price - ours.price;
  return {
    ...common,
    ts: Math.min(ours.ts, theirs.ts),
    timeMs: ours.ts - theirs.ts,
    costBp: (10_000 * worse) / theirs.price,
    cost: worse * ours.quantity,
  };
}

function legOf(trade: ClosedTrade, leg: LegRow['leg']) {
  const { quantity, exit_leg } = trade;
  return leg === 'ENTRY'
    ? { price: trade.entry_price, ts: trade.entry_ts, quantity, decisionPrice: undefined }
    : { price: trade.exit_price, ts: trade.exit_ts, quantity, decisionPrice: exit_leg?.decision_price };
}
