import { join } from 'node:path';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { createLogger, type ServiceLogger } from '@helios/shared/runtime/logger.ts';
import { openRotatingFile, rotationOf } from '@helios/shared/runtime/rotating-file.ts';
import { formatLogLine, readLogLine } from './log-line.ts';

/** Collects the lines of all processes: everything into the file, WARN and above onto the console too. */
export interface FleetLog {
  /** The file, as the settings name it. */
  readonly file: string;
  /** The supervisor's own log. */
  readonly log: ServiceLogger;
  /** Shows a line to the operator and keeps it in the file, whatever the level: in the background nobody may be listening. */
  readonly say: (line: string) => void;
  /** Shows a line to the operator alone: the file has the same as a line with fields. */
  readonly show: (line: string) => void;
  /** This value never appears in the file. */
  addSecret(value: string): void;
  /** Takes a line that a child wrote. */
  take(service: string, line: string, from: 'stdout' | 'stderr'): void;
  /** Why the file cannot be written now; undefined while it can. */
  fault(): string | undefined;
  close(): Promise<void>;
}

const LOUD = new Set(['WARN', 'ERROR', 'FATAL']);

/**
 * Opens `helios.log` in the log folder; this process is its only writer. The operator reads once that the disk refuses.
 * @param say shows a line to the operator
 */
export function openFleetLog(system: Settings['system'], logDir: string, say: (line: string) => void): FleetLog {
  const path = join(logDir, 'helios.log');
  let fault: string | undefined;
  const file = openRotatingFile(path, {
    ...rotationOf(system),
    onFault: (error) => {
      fault = `${path} cannot be written: ${error.message}`;
      say(`The log ${path} cannot be written (${error.message}). The fleet goes on; log lines are lost until there is`);
      say('room again. Free disk space, or set system.log_dir, log_max_mb and log_keep.');
    },
    onRecovered: (lines) => {
      fault = undefined;
      say(`The log ${path} is written again; ${lines} lines were lost.`);
    },
  });

  function take(service: string, text: string, from: 'stdout' | 'stderr'): void {
    const line = readLogLine(text, service, levelOf(service, text, from), Date.now());
    file.write(JSON.stringify(line));
    if (LOUD.has(line.level)) say(formatLogLine(line));
  }

  const log = createLogger({
    service: 'fleet',
    level: system.log_level,
    write: (line) => take('fleet', line, 'stdout'),
  });
  const words = createLogger({ service: 'fleet', write: (line) => file.write(line.trimEnd()) });
  return {
    file: join(system.log_dir, 'helios.log'),
    log,
    show: say,
    say(line) {
      say(line);
      if (line.trim() !== '') words.info({}, line.trim());
    },
    addSecret(value) {
      log.addSecret(value);
      words.addSecret(value);
    },
    take,
    fault: () => fault,
    close: () => file.close(),
  };
}

/** Redis speaks of the machine at every start; what matters comes with these words. */
const REDIS_TROUBLE = / # .*(error|fatal|can't|could not|disk)/i;
/** The line of a stack that says what happened; the rest is in the file. */
const HEADLINE = /^(?=\S).*(error|fatal|warning|cannot)/i;

function levelOf(service: string, text: string, from: 'stdout' | 'stderr'): 'INFO' | 'WARN' {
  if (service === 'redis') return REDIS_TROUBLE.test(text) && !text.includes('overcommit') ? 'WARN' : 'INFO';
  return from === 'stderr' && HEADLINE.test(text) ? 'WARN' : 'INFO';
}
