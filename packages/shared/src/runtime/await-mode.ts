import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Records } from '../contracts/catalog.ts';
import type { FleetMode, ServiceName } from '../domain/fleet.ts';
import type { Bus } from './bus.ts';
import { BusUnavailable } from './errors.ts';
import type { Logger } from './service.ts';

const POLL_MS = 250;

/** What the mode must belong to. */
export interface ExpectedMode {
  /** This start of the fleet, where the supervisor named it. */
  readonly session?: string | undefined;
  /** The machine's boot, where the system tells. */
  readonly bootId?: string | undefined;
}

/** Waits until the resolver has written the mode of this start; logs once for each thing it waits for. */
export async function awaitMode(
  bus: Bus<ServiceName>,
  expected: ExpectedMode,
  log: Logger,
  signal?: AbortSignal,
): Promise<FleetMode> {
  let told: string | undefined;
  for (;;) {
    const mode = await readMode(bus);
    const missing = missingOf(mode, expected);
    if (mode && missing === undefined) return mode;
    if (missing !== told) log.info({ waiting_for: missing }, 'waiting for the fleet to resolve its mode');
    told = missing;
    await pause(POLL_MS, undefined, signal ? { signal } : {});
  }
}

/** Why this mode is not yet ours, or `undefined` where it is. */
export function missingOf(mode: FleetMode | undefined, expected: ExpectedMode): string | undefined {
  if (!mode) return 'fleet:mode';
  if (expected.session !== undefined && mode.session !== expected.session) return `session ${expected.session}`;
  const otherBoot = expected.bootId !== undefined && mode.boot_id !== undefined && mode.boot_id !== expected.bootId;
  return otherBoot ? 'the mode of this boot' : undefined;
}

/**
 * True where a later start of the fleet has taken over from ours. Another session is not enough: a Redis that has lost
 * its last seconds or minutes comes back with the mode of an earlier start, and that one replaces nobody.
 */
export function isReplaced(current: FleetMode | undefined, ours: FleetMode): boolean {
  return current !== undefined && current.session !== ours.session && current.resolved_ts > ours.resolved_ts;
}

/** The machine's boot id; `undefined` where the system has none. */
export async function readBootId(): Promise<string | undefined> {
  try {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  } catch {
    return undefined;
  }
}

async function readMode(bus: Bus<ServiceName>): Promise<FleetMode | undefined> {
  try {
    return await bus.getRecord(Records.fleetMode);
  } catch (error) {
    // The bus tells of the outage and comes back by itself.
    if (error instanceof BusUnavailable) return undefined;
    throw error;
  }
}
