import { join } from 'node:path';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { createLogger, type ServiceLogger } from '@helios/shared/runtime/logger.ts';
import { openRotatingFile, rotationOf } from '@helios/shared/runtime/rotating-file.ts';
import { formatLogLine, readLogLine } from './log-line.ts';

/** Collects the lines of all processes: all into the file, WARN and above also onto the console. */
export interface FleetLog {
  /** Path of the file. */
  readonly file: string;
  /** The supervisor's own log. */
  readonly log: ServiceLogger;
  /** Shows a line to the operator and writes it to the file at any level: in the background nobody reads the console. */
  readonly say: (line: string) => void;
  /** Shows a line to the operator only: the file has the same news as a line with fields. */
  readonly show: (line: string) => void;
  /** Writes a line to the file only, at any level: the operator has seen it before the log was open. */
  readonly write: (line: string) => void;
  /** Hides this value in the file. */
  addSecret(value: string): void;
  /** Logs a line that a child process wrote. */
  take(service: string, line: string, from: 'stdout' | 'stderr'): void;
  /** Why the file cannot be written now; undefined if it can. */
  fault(): string | undefined;
  close(): Promise<void>;
}

const LOUD = new Set(['WARN', 'ERROR', 'FATAL']);

/**
 * Opens `helios.log` in the log folder; this process is its only writer. Shows a write fault to the operator once.
 * @param say shows a line to the operator
 */
export function openFleetLog(system: Settings['system'], logDir: string, say: (line: string) => void): FleetLog {
  const path = join(logDir, 'helios.log');
  let fault: string | undefined;
  const file = openRotatingFile(path, {
    ...rotationOf(system),
    onFault: (error) => {
      fault = `${path} cannot be written: ${error.message}`;
      say(`Cannot write the log ${path} (${error.message}). The fleet continues; log lines are lost until there is`);
      say('room again. Free disk space, or set system.log_dir, log_max_mb and log_keep.');
    },
    onRecovered: (lines) => {
      fault = undefined;
      say(`The log ${path} is writable again; ${lines} lines were lost.`);
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
  const write = (line: string): void => {
    if (line.trim() !== '') words.info({}, line.trim());
  };
  return {
    file: join(system.log_dir, 'helios.log'),
    log,
    show: say,
    say(line) {
      say(line);
      write(line);
    },
    write,
    addSecret(value) {
      log.addSecret(value);
      words.addSecret(value);
    },
    take,
    fault: () => fault,
    close: () => file.close(),
  };
}

/** Words that mark the Redis output which matters; it also prints facts about the machine at every start. */
const REDIS_TROUBLE = / # .*(error|fatal|can't|could not|disk)/i;
/** The line of a stack trace that names the error; the other lines go to the file only. */
const HEADLINE = /^(?=\S).*(error|fatal|warning|cannot)/i;

function levelOf(service: string, text: string, from: 'stdout' | 'stderr'): 'INFO' | 'WARN' {
  if (service === 'redis') return REDIS_TROUBLE.test(text) && !text.includes('overcommit') ? 'WARN' : 'INFO';
  return from === 'stderr' && HEADLINE.test(text) ? 'WARN' : 'INFO';
}
