import { printable } from '@helios/shared/runtime/cli/printable.ts';

/** Lowest first. */
export const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

/** Fields that every log line has; it may have others. */
export interface LogLine {
  readonly ts: number;
  readonly level: (typeof LEVELS)[number];
  readonly service: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

function isLogLine(value: unknown): value is LogLine {
  if (typeof value !== 'object' || value === null) return false;
  const { ts, level, service, message } = value as Record<string, unknown>;
  const named = typeof service === 'string' && typeof message === 'string';
  return named && typeof ts === 'number' && LEVELS.some((known) => known === level);
}

/**
 * Reads a line that a process wrote. Other text (a stack trace, a note of Node or Redis) becomes a log line too, so that the log
 * file holds JSON lines only.
 * @param level for a line without a level
 */
export function readLogLine(text: string, service: string, level: LogLine['level'], nowMs: number): LogLine {
  return parseLogLine(text) ?? { ts: nowMs, level, service, message: text };
}

/** A log line of ours; undefined for any other text. */
export function parseLogLine(text: string): LogLine | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return isLogLine(parsed) ? parsed : undefined;
  } catch {
    // Cut off, or not JSON.
    return undefined;
  }
}

const SHORT_FIELDS = 300;

/**
 * One line for people: time, level, service, message and fields. Foreign text cannot move the cursor or forge a line. A message
 * of several lines is indented.
 */
export function formatLogLine(line: LogLine): string {
  const { ts, level, service, message, ...fields } = line;
  const shown = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => printable(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`))
    .join(' ');
  const tail = shown.length > SHORT_FIELDS ? `${shown.slice(0, SHORT_FIELDS)}…` : shown;
  const words = message.split('\n').map(printable).join('\n    ');
  return `${isoTime(ts)} ${level.padEnd(5)} ${printable(service)}: ${words}${tail === '' ? '' : `  (${tail})`}`;
}

/** ISO text; a number outside the calendar stays as it is. */
function isoTime(ms: number): string {
  return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms);
}
