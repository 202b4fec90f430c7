import { z } from 'zod';
import { ServiceName } from './fleet.ts';
import { EpochMs } from './primitives.ts';

/** What the supervisor knows of one child process. */
export const SupervisedService = z.strictObject({
  service: ServiceName,
  /** STOPPED: the supervisor ended it. GIVEN_UP: it ended by itself and would end the same way again. */
  state: z.enum(['STARTING', 'RUNNING', 'RESTARTING', 'STOPPED', 'GIVEN_UP']),
  pid: z.number().int().optional(),
  restarts: z.number().int().nonnegative(),
  /** How it ended last: `exit 1`, `SIGKILL`. */
  last_end: z.string().optional(),
  changed_ts: EpochMs,
  /** When the supervisor wrote this, every few seconds; absent if an earlier version wrote it. */
  seen_ts: EpochMs.optional(),
});
export type SupervisedService = z.infer<typeof SupervisedService>;

/** Whether the supervisor can write `helios.log`. */
export const FleetLogState = z.strictObject({
  /** Why it cannot; absent while it can. */
  fault: z.string().optional(),
  ts: EpochMs,
});
export type FleetLogState = z.infer<typeof FleetLogState>;

/** A supervisor's liveness record. While it is fresh, no other supervisor may start on the same database. */
export const SupervisorBeat = z.strictObject({
  session: z.string().min(1),
  pid: z.number().int(),
  /** Start time of the process, in the form of its operating system. */
  began: z.string(),
  /** Host name of the machine or container. */
  host: z.string(),
  /** Project folder of that Helios. */
  folder: z.string(),
  ts: EpochMs,
});
export type SupervisorBeat = z.infer<typeof SupervisorBeat>;

/**
 * Exit code of a process with invalid settings or files. It would end the same way again, so the supervisor does not restart
 * it, unless a position may depend on it.
 */
export const HOPELESS_EXIT_CODE = 78;
