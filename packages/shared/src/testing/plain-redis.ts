import { Redis } from 'ioredis';

const AGAIN_MS = 100;
const ANSWER_WITHIN_MS = 2_000;

/** A connection without the contracts, which take most of the time that a process of ours needs to start. */
export function plainRedis(port: number, password: string | undefined): Redis {
  const redis = new Redis({
    port,
    ...(password ? { password } : {}),
    retryStrategy: () => AGAIN_MS,
    enableOfflineQueue: false,
    commandTimeout: ANSWER_WITHIN_MS,
  });
  // Who writes learns from the write that it failed.
  redis.on('error', () => {});
  return redis;
}
