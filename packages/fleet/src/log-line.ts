const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

/** What every log line carries; its other fields are its own. */
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
 * Reads a line that a process wrote. What is no log line of ours (a stack, a note of Node or Redis) becomes one, so
 * that the log file holds nothing but JSON lines.
 * @param level given to a line that names none
 */
export function readLogLine(text: string, service: string, level: LogLine['level'], nowMs: number): LogLine {
  if (text.startsWith('{')) {
    try {
      const parsed: unknown = JSON.parse(text);
      if (isLogLine(parsed)) return parsed;
    } catch {
      // Cut off or never meant as JSON: kept as text below.
    }
  }
  return { ts: nowMs, level, service, message: text };
}

const SHORT_FIELDS = 300;

/** One line for people: time, level where it matters, who, what, and the fields. */
export function formatLogLine(line: LogLine): string {
  const { ts, level, service, message, ...fields } = line;
  const told = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  const tail = told.length > SHORT_FIELDS ? `${told.slice(0, SHORT_FIELDS)}…` : told;
  return `${clockTime(ts)} ${level.padEnd(5)} ${service}: ${message}${tail === '' ? '' : `  (${tail})`}`;
}

/** Time of day here, `HH:MM:SS`. */
export function clockTime(ms: number): string {
  const at = new Date(ms);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}
