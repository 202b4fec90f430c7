import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { RedisAddress } from '@helios/shared/runtime/redis/connection.ts';
import type { TrialFile } from '../trial.ts';
import { checkQueueServer } from './check-queue-server.ts';
import { USUAL_TIMES } from './queue-options.ts';
import { needsOf, QueueRunner } from './queue-runner.ts';

/**
 * Announces a search at a Redis, and carries its trials out there.
 * @param say prints a notice for the operator
 * @throws StartBlocked if this Redis cannot carry a search
 */
export async function startQueueRunner(
  address: RedisAddress,
  { codeHash, data }: { readonly codeHash: string; readonly data: { readonly files: readonly TrialFile[] } },
  say: (notice: string) => void,
): Promise<QueueRunner> {
  for (const warning of await checkQueueServer(address)) say(warning);
  const host = hostname();
  const place = {
    address,
    times: USUAL_TIMES,
    id: `${host}-${randomBytes(6).toString('hex')}`,
    host,
    pid: process.pid,
  };
  const runner = new QueueRunner(place, await needsOf(codeHash, data.files), say);
  await runner.start();
  return runner;
}
