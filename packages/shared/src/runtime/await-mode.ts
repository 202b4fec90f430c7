import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Records } from '../contracts/catalog.ts';
import { FleetMode, type ServiceName } from '../domain/fleet.ts';
import type { Bus } from './bus.ts';
import { BusUnavailable } from './errors.ts';
import type { Logger } from './service.ts';

const POLL_MS = 250;
const OF_THIS_START = 'the mode of this start of the fleet';

/** What the mode must belong to. */
export interface ExpectedMode {
  /** Session of this start of the fleet, if the supervisor passed it. */
  readonly session?: string | undefined;
  /** `digestOf` the mode that the supervisor started the service for, if there is a supervisor. */
  readonly digest?: string | undefined;
  /** The machine's boot id, if the system has one. */
  readonly bootId?: string | undefined;
}

/** Waits until the resolver has written the mode of this start. Logs each reason for waiting once. */
export async function awaitMode(
  bus: Bus<ServiceName>,
  expected: ExpectedMode,
  log: Logger,
  signal?: AbortSignal,
): Promise<FleetMode> {
  let logged: string | undefined;
  for (;;) {
    const mode = await readMode(bus);
    const missing = missingOf(mode, expected);
    if (mode && missing === undefined) return mode;
    if (missing !== logged) logMissing(mode, missing, log);
    logged = missing;
    await pause(POLL_MS, undefined, signal ? { signal } : {});
  }
}

function logMissing(mode: FleetMode | undefined, missing: string | undefined, log: Logger): void {
  if (!mode || missing !== OF_THIS_START) {
    log.info({ waiting_for: missing }, 'waiting for the fleet to resolve its mode');
    return;
  }
  const { network, run } = mode;
  log.warn(
    { waiting_for: missing, shown: { mode: mode.mode, network, run } },
    'fleet:mode was overwritten by hand, service waits: the supervisor writes it again within seconds',
  );
}

/** Why this is not yet the expected mode; `undefined` if it is. */
export function missingOf(mode: FleetMode | undefined, expected: ExpectedMode): string | undefined {
  if (!mode) return 'fleet:mode';
  if (expected.session !== undefined && mode.session !== expected.session) return `session ${expected.session}`;
  const otherBoot = expected.bootId !== undefined && mode.boot_id !== undefined && mode.boot_id !== expected.bootId;
  if (otherBoot) return 'the mode of this boot';
  return expected.digest === undefined || digestOf(mode) === expected.digest ? undefined : OF_THIS_START;
}

/** Hash of a mode; equal for two modes with the same fields. */
export function digestOf(mode: FleetMode): string {
  return createHash('sha256')
    .update(JSON.stringify(FleetMode.parse(mode)))
    .digest('hex');
}

/**
 * True if a later start of the fleet has replaced ours. Another session is not enough: a Redis that lost its last seconds or
 * minutes comes back with the mode of an earlier start, which replaces nothing.
 */
export function isReplaced(current: FleetMode | undefined, ours: FleetMode): boolean {
  return current !== undefined && current.session !== ours.session && current.resolved_ts > ours.resolved_ts;
}

/** The machine's boot id; `undefined` if the system has none. */
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
    // The bus logs the outage and reconnects by itself.
    if (error instanceof BusUnavailable) return undefined;
    throw error;
  }
}
