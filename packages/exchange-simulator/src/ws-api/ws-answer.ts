import type { Exchange } from '../exchange.ts';
import type { Reply } from '../http/reply.ts';

/**
 * The text of an answer. `id` is JSON text, and the body of the REST answer is used as it is, so ids above 2^53 keep their digits.
 * @param rateLimits JSON text; undefined to leave them out
 */
export function wsAnswer(id: string, { status, body }: Reply, rateLimits: string | undefined): string {
  const what = status === 200 ? 'result' : 'error';
  const limits = rateLimits === undefined ? '' : `,"rateLimits":${rateLimits}`;
  return `{"id":${id},"status":${status},"${what}":${String(body)}${limits}}`;
}

/** Used weight, and the counted orders if the answer tells them. */
export function rateLimitsText({ meter, orderMeter }: Exchange, headers: Reply['headers']): string {
  const { perTenSeconds, perMinute } = orderMeter.limits;
  const rows = [
    ['REQUEST_WEIGHT', 'MINUTE', 1, meter.limits.weightPerMinute, headers['X-MBX-USED-WEIGHT-1M']],
    ['ORDERS', 'SECOND', 10, perTenSeconds, headers['X-MBX-ORDER-COUNT-10S']],
    ['ORDERS', 'MINUTE', 1, perMinute, headers['X-MBX-ORDER-COUNT-1M']],
  ] as const;
  return JSON.stringify(
    rows.flatMap(([rateLimitType, interval, intervalNum, limit, count]) =>
      count === undefined ? [] : [{ rateLimitType, interval, intervalNum, limit, count: Number(count) }],
    ),
  );
}
