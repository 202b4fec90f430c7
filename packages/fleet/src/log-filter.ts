import { ServiceName } from '@helios/shared/domain/fleet.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { nearestHint } from '@helios/shared/runtime/cli/nearest-name.mjs';
import { readTime } from '@helios/shared/runtime/cli/read-time.ts';
import { LEVELS, type LogLine } from './log-line.ts';

/** Which lines of the log are shown. */
export interface LogFilter {
  /** Empty: every service. */
  readonly services: readonly string[];
  readonly level: LogLine['level'];
  /** Epoch milliseconds. */
  readonly since: number;
}

/** Other writers of the log. */
const OTHERS = ['fleet', 'redis'];

/** @throws CommandLineError for an unknown level, service or time */
export function readLogFilter(line: CommandLine, nowMs: number): LogFilter {
  return {
    services: line.texts('service').map((name) => known(line, 'service', name, [...ServiceName.options, ...OTHERS])),
    level: known(line, 'level', line.text('level') ?? 'DEBUG', LEVELS),
    since: readTime(line, 'since', nowMs) ?? Number.NEGATIVE_INFINITY,
  };
}

function known<T extends string>(line: CommandLine, option: string, text: string, names: readonly T[]): T {
  const found = names.find((name) => name.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  throw line.problem(`--${option}: “${text}” does not exist.${nearestHint(text, names)} All: ${names.join(', ')}.`);
}

/** True if the filter shows this line. */
export function isShown(line: LogLine, { services, level, since }: LogFilter): boolean {
  const loudEnough = LEVELS.indexOf(line.level) >= LEVELS.indexOf(level);
  return loudEnough && line.ts >= since && (services.length === 0 || services.includes(line.service));
}
