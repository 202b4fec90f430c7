import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { Streams } from '../contracts/catalog.ts';
import type { LogRecord, ServiceName } from '../domain/fleet.ts';
import type { Bus } from './bus.ts';
import { createLineOutput, type LineOutput } from './line-output.ts';
import { createRedactor } from './redaction.ts';
import type { Logger } from './service.ts';

/** Rate limit of each service on the stream `logs`: burst, and lines per second in the long run. */
const BURST = 20;
const LINES_PER_SECOND = 2;
const MAX_FIELDS_LENGTH = 2_000;
const MAX_MESSAGE_LENGTH = 500;
const OWN_FIELDS = ['ts', 'level', 'service', 'message'];

export interface LoggerOptions {
  /** Service or process, the field `service` of every line. */
  readonly service: string;
  readonly level?: 'debug' | 'info' | 'warn' | 'error';
  /** Writes a line; by default to stdout, without waiting for its reader. */
  readonly write?: (line: string) => void;
}

/** The host's logger: the service's logger with functions for the host only. */
export interface ServiceLogger extends Logger {
  /** The process is about to end because of this. */
  fatal(fields: object, message: string): void;
  setLevel(level: 'debug' | 'info' | 'warn' | 'error'): void;
  /** Hides this value in all later lines. */
  addSecret(value: string): void;
  /** Also appends later lines of WARN and above to Streams.logs, within the rate limit. */
  forwardTo(bus: Bus<ServiceName>): void;
  /** Resolves once stdout has every line and Redis has accepted or refused the forwarded ones; after `withinMs` at the latest. */
  flushed(withinMs: number): Promise<void>;
}

/** JSON lines: `ts` (epoch ms), `level` as a word, `service`, `message`, then the fields; secrets hidden. */
export function createLogger(options: LoggerOptions): ServiceLogger {
  const redactor = createRedactor();
  const forwarder = createForwarder(options.service);
  const stdout = options.write === undefined ? openStdout() : undefined;
  let isLastLine = false;

  /** A blocked reader loses lines but does not block the process. The first line afterwards reports their number. */
  function openStdout(): LineOutput {
    return createLineOutput(process.stdout, (dropped_lines) =>
      emit('warn', { dropped_lines }, 'log lines dropped: nothing read the output of this process'),
    );
  }

  const lines = pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service },
      messageKey: 'message',
      timestamp: () => `,"ts":${Date.now()}`,
      formatters: { level: (label) => ({ level: label.toUpperCase() }) },
    },
    {
      write(line) {
        if (stdout === undefined) options.write?.(line);
        else if (isLastLine) stdout.writeLastLine(line);
        else stdout.write(line);
      },
    },
  );

  function emit(level: 'debug' | 'info' | 'warn' | 'error' | 'fatal', fields: object, message: string): void {
    if (!lines.isLevelEnabled(level)) return;
    const safeFields = besideOwn(redactor.fields(fields));
    const safeMessage = redactor.text(message);
    isLastLine = level === 'fatal';
    lines[level](safeFields, safeMessage);
    if (level === 'warn' || level === 'error' || level === 'fatal') {
      forwarder.forward(level.toUpperCase() as LogRecord['level'], safeFields, safeMessage);
    }
  }

  return {
    debug: (fields, message) => emit('debug', fields, message),
    info: (fields, message) => emit('info', fields, message),
    warn: (fields, message) => emit('warn', fields, message),
    error: (fields, message) => emit('error', fields, message),
    fatal: (fields, message) => emit('fatal', fields, message),
    setLevel: (level) => {
      lines.level = level;
    },
    addSecret: redactor.addSecret,
    forwardTo: forwarder.to,
    async flushed(withinMs) {
      const done = Promise.all([forwarder.flushed(), stdout?.flushed(withinMs)]);
      await Promise.race([done, pause(withinMs, undefined, { ref: false })]);
    },
  };
}

/** Renames a caller's field that has the name of one of ours, for example to `field_service`. */
function besideOwn(fields: Record<string, unknown>): Record<string, unknown> {
  for (const name of OWN_FIELDS) {
    if (!(name in fields)) continue;
    fields[`field_${name}`] = fields[name];
    delete fields[name];
  }
  return fields;
}

interface Forwarder {
  to(bus: Bus<ServiceName>): void;
  forward(level: LogRecord['level'], fields: Record<string, unknown>, message: string): void;
  flushed(): Promise<void>;
}

/** Appends to Streams.logs under a token bucket. Logs nothing itself, because such a line could be lost as well. */
function createForwarder(service: string): Forwarder {
  let bus: Bus<ServiceName> | undefined;
  let tokens = BURST;
  let refilledMs = performance.now();
  let skipped = 0;
  let last: Promise<unknown> = Promise.resolve();

  function mayPass(): boolean {
    const now = performance.now();
    tokens = Math.min(BURST, tokens + ((now - refilledMs) / 1_000) * LINES_PER_SECOND);
    refilledMs = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  }

  return {
    to: (target) => {
      bus = target;
    },
    forward(level, fields, message) {
      if (!bus) return;
      // The single FATAL line says why the process ends, so it ignores the limit.
      if (level !== 'FATAL' && !mayPass()) {
        skipped += 1;
        return;
      }
      const record: LogRecord = {
        ts: Date.now(),
        level,
        service,
        message: message.slice(0, MAX_MESSAGE_LENGTH),
        fields: JSON.stringify(skipped > 0 ? { ...fields, skipped_lines: skipped } : fields).slice(
          0,
          MAX_FIELDS_LENGTH,
        ),
      };
      skipped = 0;
      // The line is already on stdout. While Redis is away, only the stream misses it.
      last = bus.write((batch) => batch.append(Streams.logs, record)).catch(() => {});
    },
    flushed: async () => {
      await last;
    },
  };
}
