import { Maps, Records } from '../contracts/catalog.ts';
import { isSince } from '../domain/age.ts';
import { type FleetMode, type Heartbeat, ServiceName } from '../domain/fleet.ts';
import type { SupervisedService } from '../domain/supervision.ts';
import type { Bus } from './bus.ts';

/** One service of the fleet with what is known of it. */
export interface FleetMember {
  readonly service: ServiceName;
  readonly heartbeat?: Heartbeat | undefined;
  /** What the supervisor says; absent where there is none (compose). */
  readonly supervised?: SupervisedService | undefined;
}

/**
 * The services that this fleet has or ought to have: those its supervisor runs, and any other that beats. Without a
 * supervisor (compose) all of them, for a service that is not needed beats in STANDBY. What is older than the mode belongs
 * to an earlier fleet. `nowMs`: the machine's time.
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
  // Redis may have lost what the supervisor wrote; the mode that this process started with names the same services.
  const hasNoList = listed.size === 0;
  const members = names.map((service, i) => ({
    service,
    heartbeat: isSince(beats[i]?.ts ?? 0, fleetStartTs, nowMs) ? beats[i] : undefined,
    supervised: supervised.find((one) => one.service === service),
  }));
  return members.filter((one) => hasNoList || listed.has(one.service) || one.heartbeat !== undefined);
}
