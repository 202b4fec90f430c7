import { z } from 'zod';
import { ServiceName } from './fleet.ts';
import { EpochMs } from './primitives.ts';

/** What the supervisor knows of one child process. */
export const SupervisedService = z.strictObject({
  service: ServiceName,
  state: z.enum(['STARTING', 'RUNNING', 'RESTARTING', 'STOPPED']),
  pid: z.number().int().optional(),
  restarts: z.number().int().nonnegative(),
  /** `exit 1`, `SIGKILL`: how it ended last. */
  last_end: z.string().optional(),
  changed_ts: EpochMs,
});
export type SupervisedService = z.infer<typeof SupervisedService>;
