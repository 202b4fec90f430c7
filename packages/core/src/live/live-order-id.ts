import { clientOrderIdOf } from '../execution/client-order-id.ts';

/** `he-`, hash of the signal id, role and attempt, tag of the instance. */
const LIVE_ID = /^he-[0-9a-z]{24}-([exst])[0-9a-z]{1,3}-([0-9a-z]{1,3})$/;
const ANY_ID = /^he-[0-9a-z]{24}-/;

/** The client id of a live order: the signal's id with the tag of the instance, at most 36 characters. */
export function liveOrderId(signalId: string, role: 'ENTRY' | 'EXIT' | 'STOP', attempt: number, tag: string): string {
  return `${clientOrderIdOf(signalId, role, attempt)}-${tag}`;
}

/** Whose order a client id names. OTHER_INSTANCE: of a Helios with another tag, or of a version without tags. */
export type OrderOwner = 'OURS' | 'OTHER_INSTANCE' | 'FOREIGN';

export function ownerOf(clientOrderId: string, tag: string): OrderOwner {
  if (LIVE_ID.exec(clientOrderId)?.[2] === tag) return 'OURS';
  return ANY_ID.test(clientOrderId) ? 'OTHER_INSTANCE' : 'FOREIGN';
}

/** The letter of the role in a client id of a live order: e(ntry), (e)x(it), s(top) or t(arget); undefined for other ids. */
export function roleOf(clientOrderId: string): string | undefined {
  return LIVE_ID.exec(clientOrderId)?.[1];
}

/** Tells the exits of a position apart by the order that made them. */
export function exitKeyOf(clientOrderId: string): string {
  const ours = /^he-([0-9a-z]{6})[0-9a-z]{18}-([sx][0-9a-z]+)-/.exec(clientOrderId);
  return ours ? `${ours[1]}${ours[2]}` : clientOrderId.slice(-14);
}
