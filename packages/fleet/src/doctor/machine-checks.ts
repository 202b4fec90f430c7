import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DoctorFinding, fault, note, skipped, sound } from './finding.ts';

const MB = 1_048_576;
const MIN_DISK_MB = 200;
const ADVISED_DISK_MB = 2_000;
/** Nine services of about 90 MB, and Redis. */
const ADVISED_MEMORY_MB = 1_000;
const MIN_OPEN_FILES = 256;

/** Checks disk, memory, open files and the clock's time zone. */
export function checkMachine(dataDir: string, logDir: string): readonly DoctorFinding[] {
  return [checkFolder('DATA_FOLDER', dataDir), checkFolder('LOG_FOLDER', logDir), memory(), openFiles(), timeZone()];
}

/** The same in a container, whose memory limit and volumes say nothing about those of the services. */
export function checkContainer(): readonly DoctorFinding[] {
  return [
    skipped('FOLDERS', 'each service has its own container, with its own volumes and memory limit'),
    openFiles(),
    timeZone(),
  ];
}

function checkFolder(check: string, folder: string): DoctorFinding {
  const there = nearestExisting(folder);
  const refusal = refusalOf(there);
  if (refusal !== undefined)
    return fault(check, `${folder} cannot be written: ${refusal}`, 'Give this user the folder, or set another');
  const { bavail, bsize } = statfsSync(there);
  const freeMb = Math.floor((bavail * bsize) / MB);
  const found = `${folder}: ${freeMb} MB free`;
  const fix = 'Make room: Helios stops entering when it cannot write its ledger';
  if (freeMb < MIN_DISK_MB) return fault(check, found, fix);
  return freeMb < ADVISED_DISK_MB ? note(check, found, fix) : sound(check, found);
}

/** Why nothing can be written into a folder; undefined if it can. */
function refusalOf(folder: string): string | undefined {
  try {
    if (!statSync(folder).isDirectory()) return `${folder} is a file`;
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

function nearestExisting(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestExisting(dirname(folder));
}

function memory(): DoctorFinding {
  const freeMb = Math.floor(process.availableMemory() / MB);
  const found = `${freeMb} MB of memory available`;
  if (freeMb >= ADVISED_MEMORY_MB) return sound('MEMORY', found);
  return note('MEMORY', found, `A live fleet needs about ${ADVISED_MEMORY_MB} MB; end other programs`);
}

function openFiles(): DoctorFinding {
  const limit = openFilesLimit();
  if (limit === undefined) return sound('OPEN_FILES', 'this system does not tell the limit');
  const found = `${limit === Number.POSITIVE_INFINITY ? 'any number of' : limit} open files allowed`;
  return limit >= MIN_OPEN_FILES
    ? sound('OPEN_FILES', found)
    : fault('OPEN_FILES', found, `ulimit -n 1024: a fleet needs ${MIN_OPEN_FILES}`);
}

function openFilesLimit(): number | undefined {
  try {
    const text = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return text === 'unlimited' ? Number.POSITIVE_INFINITY : Number(text) || undefined;
  } catch {
    // No /proc.
    return undefined;
  }
}

/** Days of limits and of the CSV are UTC days in every zone; a skipped or doubled hour of summer time changes nothing. */
function timeZone(): DoctorFinding {
  const { timeZone: zone } = new Intl.DateTimeFormat().resolvedOptions();
  return sound('TIME_ZONE', `${zone}; Helios counts days in UTC, now ${new Date().toISOString()}`);
}
