import { Maps, Records } from '../contracts/catalog.ts';
import { isSince } from '../domain/age.ts';
import { type FleetMode, type Heartbeat, ServiceName } from '../domain/fleet.ts';
import type { SupervisedService } from '../domain/supervision.ts';
import type { Bus } from './bus.ts';

/** One service of the fleet with its heartbeat and its supervisor record. */
export interface FleetMember {
  readonly service: ServiceName;
  readonly heartbeat?: Heartbeat | undefined;
  /** The supervisor's record; absent without a supervisor (compose). */
  readonly supervised?: SupervisedService | undefined;
}

/**
 * The services of this fleet: those that its supervisor runs, and any other with a heartbeat. Without a supervisor (compose)
 * all nine, because a service that the mode does not need is in STANDBY. Ignores records older than the mode: they belong to
 * an earlier fleet. `nowMs`: the machine's time.
 */
export async function readFleetMembers(
  bus: Bus<'monitoring-agent' | 'dashboard-api'>,
  { resolved_ts: fleetStartTs, services = [] }: Pick<FleetMode, 'resolved_ts' | 'services'>,
  nowMs: number,
): Promise<FleetMember[]> {
  const names = ServiceName.options;
  const [processes, beats] = await Promise.all([
    bus.getMap(Maps.supervisedServices),
    Promise.all(names.map((service) => bus.getRecord(Records.heartbeat, { service }))),
  ]);
  const supervised = Object.values(processes).filter(({ changed_ts, seen_ts }) =>
    isSince(seen_ts ?? changed_ts, fleetStartTs, nowMs),
  );
  const listed = new Set<ServiceName>([...services, ...supervised.map(({ service }) => service)]);
  // If Redis lost the supervisor's records, the mode of this process still names the services.
  const hasNoList = listed.size === 0;
  const members = names.map((service, i) => ({
    service,
    heartbeat: isSince(beats[i]?.ts ?? 0, fleetStartTs, nowMs) ? beats[i] : undefined,
    supervised: supervised.find((one) => one.service === service),
  }));
  return members.filter((one) => hasNoList || listed.has(one.service) || one.heartbeat !== undefined);
}
