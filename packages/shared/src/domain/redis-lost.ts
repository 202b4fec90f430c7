/** The alert on a Redis that is away or takes no writes: who cannot write it there shows it by themselves. */
export const REDIS_LOST = {
  level: 'CRITICAL',
  raised: 'Redis cannot be reached or takes no writes. Nothing is traded without it.',
  action: 'The message names the cause. Everything goes on by itself once Redis is back.',
} as const;
