import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Records } from '../contracts/catalog.ts';
import { FleetMode, type ServiceName } from '../domain/fleet.ts';
import type { Bus } from './bus.ts';
import { BusUnavailable } from './errors.ts';
import type { Logger } from './service.ts';

const POLL_MS = 250;
const OF_THIS_START = 'the mode that the fleet was started in';

/** What the mode must belong to. */
export interface ExpectedMode {
  /** This start of the fleet, where the supervisor named it. */
  readonly session?: string | undefined;
  /** `digestOf` the mode that the supervisor started the service for, where there is a supervisor. */
  readonly digest?: string | undefined;
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
    if (missing !== told) tellWhatIsMissing(mode, missing, log);
    told = missing;
    await pause(POLL_MS, undefined, signal ? { signal } : {});
  }
}

function tellWhatIsMissing(mode: FleetMode | undefined, missing: string | undefined, log: Logger): void {
  if (!mode || missing !== OF_THIS_START) {
    log.info({ waiting_for: missing }, 'waiting for the fleet to resolve its mode');
    return;
  }
  const { network, run } = mode;
  log.warn(
    { waiting_for: missing, shown: { mode: mode.mode, network, run } },
    'fleet:mode was overwritten by hand, so this service does not start; the supervisor writes it again within seconds',
  );
}

/** Why this mode is not yet ours, or `undefined` where it is. */
export function missingOf(mode: FleetMode | undefined, expected: ExpectedMode): string | undefined {
  if (!mode) return 'fleet:mode';
  if (expected.session !== undefined && mode.session !== expected.session) return `session ${expected.session}`;
  const otherBoot = expected.bootId !== undefined && mode.boot_id !== undefined && mode.boot_id !== expected.bootId;
  if (otherBoot) return 'the mode of this boot';
  return expected.digest === undefined || digestOf(mode) === expected.digest ? undefined : OF_THIS_START;
}

/** The same for two modes that are equal in every field. */
export function digestOf(mode: FleetMode): string {
  return createHash('sha256')
    .update(JSON.stringify(FleetMode.parse(mode)))
    .digest('hex');
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
