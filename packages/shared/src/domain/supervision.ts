import { z } from 'zod';
import { ServiceName } from './fleet.ts';
import { EpochMs } from './primitives.ts';

/** What the supervisor knows of one child process. */
export const SupervisedService = z.strictObject({
  service: ServiceName,
  /** STOPPED: it was to end. GIVEN_UP: it ended by itself and would end the same way again. */
  state: z.enum(['STARTING', 'RUNNING', 'RESTARTING', 'STOPPED', 'GIVEN_UP']),
  pid: z.number().int().optional(),
  restarts: z.number().int().nonnegative(),
  /** `exit 1`, `SIGKILL`: how it ended last. */
  last_end: z.string().optional(),
  changed_ts: EpochMs,
  /** When the supervisor wrote this, every few seconds; absent from what an earlier version wrote. */
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

/** A supervisor's sign of life: while it beats no other may start on the same database. */
export const SupervisorBeat = z.strictObject({
  session: z.string().min(1),
  pid: z.number().int(),
  /** When that process began, as its system tells it. */
  began: z.string(),
  /** The machine, or the container, by its name. */
  host: z.string(),
  /** Where that Helios is. */
  folder: z.string(),
  ts: EpochMs,
});
export type SupervisorBeat = z.infer<typeof SupervisorBeat>;

/**
 * Exit code of a process that found fault with its settings or files: started again it would end the same way, so a
 * supervisor leaves it, unless a position may depend on it.
 */
export const HOPELESS_EXIT_CODE = 78;
