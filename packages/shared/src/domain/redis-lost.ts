/** The alert on a Redis that is away or takes no writes. A service that cannot write it to Redis shows it itself. */
export const REDIS_LOST = {
  level: 'CRITICAL',
  raised: 'Redis cannot be reached or takes no writes. Helios does not trade without it.',
  action: 'The message names the cause. Everything continues by itself once Redis is back.',
} as const;
