import type { OrderPurpose } from '@helios/shared/domain/order.ts';
import { sha256OfCodeUnits } from './sha256.ts';

/** Prefix of all Helios ids; it separates our orders from others on the account. */
const PREFIX = 'he-';
const BASE = 36;
/** 36^24 is nearly 2^125: among a billion signals two share a hash with a probability below 1e-19. */
const HASH_DIGITS = 24;
const HASHES = BigInt(BASE) ** BigInt(HASH_DIGITS);
const MAX_ATTEMPT = BASE ** 3 - 1;

/** STOP and TARGET protect the position that the signal opened. */
type OrderRole = OrderPurpose | 'STOP' | 'TARGET';

const LETTER: Readonly<Record<OrderRole, string>> = { ENTRY: 'e', EXIT: 'x', STOP: 's', TARGET: 't' };

/**
 * The client id of a signal's order: `he-`, the hash of the signal id, the letter of the role, and the attempt. The venue accepts
 * up to 36 characters of `.A-Z:/a-z0-9_-`; this id has at most 32, all lower case.
 *
 * The id depends only on the arguments. After a restart the same order gets the same id, and the venue rejects a duplicate. All
 * orders of a signal share the first 27 characters, so they can be found in a list of orders. The id uses a cryptographic hash
 * because the publisher chooses the signal id: it may have 120 arbitrary characters, and a checksum would be easy to collide
 * with.
 * @throws RangeError if `attempt` is not a whole number from 1 to 46,655.
 */
export function clientOrderIdOf(signalId: string, role: OrderRole, attempt: number): string {
  if (!Number.isInteger(attempt) || attempt < 1 || attempt > MAX_ATTEMPT)
    throw new RangeError(`attempt ${attempt} of ${signalId} is not between 1 and ${MAX_ATTEMPT}`);
  return `${PREFIX}${hashOf(signalId)}-${LETTER[role]}${attempt.toString(BASE)}`;
}

function hashOf(signalId: string): string {
  const [first = 0, second = 0, third = 0, fourth = 0] = sha256OfCodeUnits(signalId);
  const bits = (BigInt(first) << 96n) | (BigInt(second) << 64n) | (BigInt(third) << 32n) | BigInt(fourth);
  return (bits % HASHES).toString(BASE).padStart(HASH_DIGITS, '0');
}
