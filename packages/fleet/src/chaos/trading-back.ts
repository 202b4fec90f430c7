import { LIVE_ORDER_ID } from '@helios/exchange-simulator/audit/audit-venue.ts';
import { orderEventsOf } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import type { AccountReply, HealthReply, StateReply } from '@helios/shared/domain/http-replies.ts';
import type { RehearsalFleet } from '../rehearse/rehearsal-fleet.ts';
import type { VenueControl } from '../rehearse/venue-control.ts';

/** A service that beats once a second is silent after this time, ms. */
const SILENT_MS = 5_000;

/** What is missing until the fleet trades as before, one sentence each; `sinceSeq` is the ledger's place at the end of the last fault. */
export async function missingForTrading(
  venue: Pick<VenueControl, 'ledger'>,
  fleet: Pick<RehearsalFleet, 'read'>,
  sinceSeq: number,
): Promise<readonly string[]> {
  const [state, health, account, news] = await Promise.all([
    fleet.read('/api/state') as Promise<StateReply | undefined>,
    fleet.read('/api/health') as Promise<HealthReply | undefined>,
    fleet.read('/api/account') as Promise<AccountReply | undefined>,
    venue.ledger(sinceSeq),
  ]);
  if (state === undefined || health === undefined || account === undefined) return ['the page does not answer'];
  const hasEntered = orderEventsOf(news).some(
    ({ order, execution }) => execution === 'NEW' && LIVE_ORDER_ID.exec(order.client_order_id)?.[1] === 'e',
  );
  return [
    ...(state.trading?.state === 'ACTIVE' ? [] : [`trading is ${state.trading?.state}: ${state.trading?.reason}`]),
    ...silentServices(health),
    ...missingOnAccount(account),
    ...(hasEntered ? [] : ['no entry has reached the venue']),
  ];
}

function silentServices({ services }: HealthReply): readonly string[] {
  return services
    .filter(({ status, heartbeat_age_ms: age }) => status !== 'RUNNING' || age === undefined || age > SILENT_MS)
    .map(({ service, status, heartbeat_age_ms: age }) => `${service} is ${status}, last heartbeat ${age} ms ago`);
}

function missingOnAccount({ live, live_age_ms: age }: AccountReply): readonly string[] {
  if (live === undefined || age === undefined || age > SILENT_MS) return ['execution-manager does not report'];
  return [
    ...(live.self_test?.passed === true ? [] : ['the self-test of the account has not passed']),
    ...live.blocked_by.map(({ code, reason }) => `entries are blocked by ${code}: ${reason}`),
    ...live.foreign_positions.map((position) => `${position} counts as foreign, but nobody else trades here`),
    ...(live.foreign_orders === 0
      ? []
      : [`${live.foreign_orders} orders count as foreign, but nobody else trades here`]),
    ...live.unknown_orders.map((id) => `the outcome of ${id} is not known`),
    ...(live.uncovered_ms === 0 ? [] : [`a position has had no cover for ${live.uncovered_ms} ms`]),
  ];
}
