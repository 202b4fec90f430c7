import type { CommandLine } from './command-line.mjs';

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * The time that an option names, epoch milliseconds: `10m` ago, or an ISO time (UTC unless it names its zone).
 * Undefined without the option.
 * @throws CommandLineError for anything else
 */
export function readTime(line: CommandLine, option: string, nowMs: number): number | undefined {
  const text = line.text(option);
  if (text === undefined) return undefined;
  const ms = timeOf(text, nowMs);
  if (ms !== undefined) return ms;
  throw line.problem(
    `--${option} must be a time such as 30s, 10m, 2h, 1d (ago), 2026-11-28 or 2026-11-28T20:00:00Z, not “${text}”.`,
  );
}

/** See `readTime`. */
export function timeOf(text: string, nowMs: number): number | undefined {
  const ago = /^(\d{1,6})([smhd])$/.exec(text);
  if (ago !== null) return nowMs - Number(ago[1]) * UNIT_MS[ago[2] as keyof typeof UNIT_MS];
  const iso = ISO.exec(text);
  if (iso === null) return undefined;
  const needsZone = text.length > 10 && iso[1] === undefined;
  const ms = Date.parse(`${text.replace(' ', 'T')}${needsZone ? 'Z' : ''}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/**
 * The length of time that an option names, such as `6h`, in milliseconds. Undefined without the option.
 * @throws CommandLineError for anything else
 */
export function readLength(line: CommandLine, option: string): number | undefined {
  const text = line.text(option);
  if (text === undefined) return undefined;
  const parts = /^(\d{1,6})([smhd])$/.exec(text);
  if (parts === null) throw line.problem(`--${option} must be a length of time such as 30m, 6h or 1d, not “${text}”.`);
  return Number(parts[1]) * UNIT_MS[parts[2] as keyof typeof UNIT_MS];
}
