import { ageOf } from '../domain/age.ts';
import type { ServiceRow } from '../domain/http-replies.ts';
import type { SupervisedService } from '../domain/supervision.ts';
import type { FleetMember } from './fleet-members.ts';

/** The present state of one service. `nowMs`: the machine's time; DOWN without a heartbeat for `timeoutMs`. */
export function serviceRowOf(member: FleetMember, nowMs: number, timeoutMs: number): ServiceRow {
  const { service, heartbeat, supervised } = member;
  if (!heartbeat) return { service, status: 'DOWN', supervised };
  // A heartbeat from the future has no age: the clock was set back. Its key expires soon unless the service renews it.
  const ageMs = ageOf(heartbeat.ts, nowMs);
  const status = (ageMs ?? 0) > timeoutMs || hasNoProcess(supervised) ? 'DOWN' : heartbeat.status;
  return { service, status, heartbeat_age_ms: ageMs, heartbeat, supervised };
}

/**
 * True if the supervisor has no process of the service. The heartbeat may still be fresh, because a process that
 * crashes at each start sends one each time.
 */
export function hasNoProcess(supervised: SupervisedService | undefined): boolean {
  return supervised !== undefined && supervised.state !== 'STARTING' && supervised.state !== 'RUNNING';
}
