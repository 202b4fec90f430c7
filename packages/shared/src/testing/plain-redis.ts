import { Redis } from 'ioredis';

const AGAIN_MS = 100;
const ANSWER_WITHIN_MS = 2_000;

/** A connection without the contracts. Loading them takes most of the start time of our processes. */
export function plainRedis(port: number, password: string | undefined): Redis {
  const redis = new Redis({
    port,
    ...(password ? { password } : {}),
    retryStrategy: () => AGAIN_MS,
    enableOfflineQueue: false,
    commandTimeout: ANSWER_WITHIN_MS,
  });
  // A failed write reports the problem to its caller.
  redis.on('error', () => {});
  return redis;
}
