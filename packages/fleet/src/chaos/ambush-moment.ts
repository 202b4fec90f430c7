import { setTimeout as pause } from 'node:timers/promises';
import { LIVE_ORDER_ID } from '@helios/exchange-simulator/audit/audit-venue.ts';
import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import type { VenueControl } from '../rehearse/venue-control.ts';
import type { Ambush } from './chaos-step.ts';

const LOOK_MS = 20;

/** Waits for the next fill of an entry, or for the next exit, by the venue's own history. False if `isOver` comes first. */
export async function momentCame(
  venue: Pick<VenueControl, 'ledger' | 'lastSeq'>,
  moment: Ambush['moment'],
  isOver: () => boolean,
): Promise<boolean> {
  let seq = await venue.lastSeq();
  while (!isOver()) {
    const news = await venue.ledger(seq);
    if (news.some((event) => isMoment(event, moment))) return true;
    seq = news.at(-1)?.seq ?? seq;
    await pause(LOOK_MS);
  }
  return false;
}

function isMoment(event: LedgerEvent, moment: Ambush['moment']): boolean {
  if (event.kind !== 'ORDER') return false;
  const role = LIVE_ORDER_ID.exec(event.order.client_order_id)?.[1];
  return moment === 'ENTRY' ? role === 'e' && event.fill !== undefined : role === 'x' && event.execution === 'NEW';
}
