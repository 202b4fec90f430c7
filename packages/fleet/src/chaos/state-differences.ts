import type { AccountReply, OrdersReply, PositionsReply } from '@helios/shared/domain/http-replies.ts';
import type { RehearsalFleet } from '../rehearse/rehearsal-fleet.ts';
import type { VenueControl } from '../rehearse/venue-control.ts';

/** What the fleet shows of its account and the venue does not, or the other way round; one sentence each. */
export async function stateDifferences(
  venue: Pick<VenueControl, 'account'>,
  fleet: Pick<RehearsalFleet, 'read'>,
): Promise<readonly string[]> {
  const [truth, positions, orders, account] = await Promise.all([
    venue.account(),
    fleet.read('/api/positions') as Promise<PositionsReply | undefined>,
    fleet.read('/api/orders') as Promise<OrdersReply | undefined>,
    fleet.read('/api/account') as Promise<AccountReply | undefined>,
  ]);
  if (positions === undefined || orders === undefined || account === undefined) return ['the page does not answer'];
  const shown = positions.positions.map(({ symbol, side, quantity }) => [
    symbol,
    side === 'LONG' ? quantity : -quantity,
  ]);
  return [
    ...different(
      'positions',
      shown.map(String),
      truth.positions.map((one) => `${one.symbol},${Number(one.quantity)}`),
    ),
    ...different(
      'orders',
      orders.orders.map(({ order_id }) => order_id),
      truth.open_orders.map(({ client_order_id }) => client_order_id),
    ),
    ...different('wallet', [String(account.account?.wallet_balance)], [String(Number(truth.wallet))]),
  ];
}

function different(what: string, shown: readonly string[], true_: readonly string[]): string[] {
  const [ours, theirs] = [shown.toSorted().join(' '), true_.toSorted().join(' ')];
  return ours === theirs ? [] : [`${what}: the fleet shows “${ours}”, the venue “${theirs}”`];
}
