import type { VenueLimits } from '@helios/binance/live/live-venue-options.ts';
import type { ProcessBlock } from '@helios/core/live/live-trading.ts';
import type { SelfTest } from './self-test.ts';

/** What this process knows that live trading cannot. */
export interface ProcessState {
  readonly selfTest: SelfTest | undefined;
  readonly limits: Pick<VenueLimits, 'isBanned' | 'blockedMs'>;
  /** True while this process has the lease of the account. */
  readonly hasLease: boolean;
  /** Time since Redis last accepted a write, ms. */
  readonly redisAwayMs: number;
}

/** Answers wait at most this long before entries stop: the ledger must follow what happens. */
const REDIS_AWAY_MS = 3_000;

/** Why the process lets no entry pass; empty if it does. */
export function processBlocks({ selfTest, limits, hasLease, redisAwayMs }: ProcessState): ProcessBlock[] {
  const blocks: ProcessBlock[] = [];
  if (selfTest === undefined)
    blocks.push({ code: 'SELF_TEST', reason: 'the self-test of the account has not run yet' });
  for (const { check, outcome, detail } of selfTest?.checks ?? [])
    if (outcome === 'FAILED') blocks.push({ code: 'SELF_TEST', reason: `${check}: ${detail}` });
  if (limits.isBanned)
    blocks.push({
      code: 'BANNED',
      reason: `the venue allows no requests for ${Math.ceil(limits.blockedMs / 1_000)} s`,
    });
  if (!hasLease)
    blocks.push({ code: 'LEASE', reason: 'another process has the lease of the account, or redis is away' });
  if (redisAwayMs > REDIS_AWAY_MS) blocks.push({ code: 'REDIS', reason: 'redis is away: positions stay protected' });
  return blocks;
}
