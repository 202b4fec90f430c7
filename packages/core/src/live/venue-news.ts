import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { ExitReason } from '@helios/shared/domain/signal.ts';
import type { Fill } from '@helios/shared/domain/venue-event.ts';
import { addQuantity, roundMoney } from '../price/significant-digits.ts';
import { signOf } from '../strategy/side-sign.ts';
import type { LiveContext } from './live-context.ts';
import { heldOn, type KnownStop, type LiveCovers } from './live-covers.ts';
import { exitKeyOf } from './live-order-id.ts';
import { partOf } from './own-share.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { VenueExit } from './venue-exits.ts';
import type { VenueNews } from './venue-port.ts';

type NewsOf<Kind extends VenueNews['kind']> = Extract<VenueNews, { kind: Kind }>;

/** The exit that a fill of a stop makes; undefined if the position of that stop is closed. */
export function stopExit(
  { positions }: LiveContext,
  covers: LiveCovers,
  { clientAlgoId, symbol, fill }: Pick<NewsOf<'STOP_FILL'>, 'clientAlgoId' | 'symbol' | 'fill'>,
): VenueExit | undefined {
  const stop = covers.stop(clientAlgoId);
  const open = positions.of(symbol);
  // The fill of a former position's stop never counts for the next one.
  const ids = stop?.positionIds ?? [];
  const position = ids.length > 0 ? open.find(({ signal_id }) => ids.includes(signal_id)) : open[0];
  if (position === undefined) return undefined;
  const reason = stopReason(position, stop);
  return {
    position,
    reason,
    key: exitKeyOf(clientAlgoId),
    why: `its stop ${clientAlgoId} was filled`,
    fill: withStopSlippage(fill, position, stop),
  };
}

/** The exit that a trade of the venue itself makes; undefined if we hold nothing that it closes. */
export function forcedExit({ positions }: LiveContext, news: NewsOf<'FORCED_FILL'>): VenueExit | undefined {
  const { symbol, action, fill, cause } = news;
  const position = positions.of(symbol).find(({ side }) => closes(action, side));
  if (position === undefined) return undefined;
  const why = `the venue closed it (${cause})`;
  return {
    position,
    reason: 'LIQUIDATION',
    key: exitKeyOf(fill.client_order_id),
    why,
    fill: partOf(fill, heldOn(position, positions.of(symbol))),
  };
}

/** The exit that somebody else's trade makes; undefined if it closes nothing of ours: what they opened they close first. */
export function foreignExit(
  { positions }: LiveContext,
  reconciliation: Reconciliation,
  { symbol, action, fill }: NewsOf<'FOREIGN_FILL'>,
): VenueExit | undefined {
  const position = positions.of(symbol).find(({ side }) => closes(action, side));
  const traded = action === 'BUY' ? fill.quantity : -fill.quantity;
  if (position === undefined) {
    reconciliation.noteForeignTrade(symbol, traded);
    return undefined;
  }
  const others = (reconciliation.foreignPositions().get(symbol) ?? 0) * signOf(position.side);
  const ours = addQuantity(fill.quantity, -Math.max(others, 0));
  const closed = Math.min(Math.max(ours, 0), heldOn(position, positions.of(symbol)));
  reconciliation.noteForeignTrade(symbol, addQuantity(traded, signOf(position.side) * closed));
  if (closed === 0) return undefined;
  const why = `somebody else's order ${fill.client_order_id} closed it`;
  const part = partOf(fill, closed);
  return { position, reason: 'OPERATOR', key: exitKeyOf(fill.client_order_id), why, fill: part };
}

function closes(action: 'BUY' | 'SELL', side: OpenPosition['side']): boolean {
  return action === (side === 'LONG' ? 'SELL' : 'BUY');
}

function stopReason({ stop_loss, side }: OpenPosition, stop: KnownStop | undefined): ExitReason {
  if (stop === undefined || stop_loss === undefined) return 'STOP_LOSS';
  return signOf(side) * (stop.triggerPrice - stop_loss) > 0 ? 'TRAILING_STOP' : 'STOP_LOSS';
}

/** The fill with its cost against the trigger price. */
function withStopSlippage(fill: Fill, { side }: OpenPosition, stop: KnownStop | undefined): Fill {
  if (stop === undefined) return fill;
  const worse = Math.max(signOf(side) * (stop.triggerPrice - fill.price), 0);
  return { ...fill, slippage: roundMoney(worse * fill.quantity, stop.triggerPrice * fill.quantity) };
}
