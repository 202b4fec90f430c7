import type { LogRecord } from '@helios/shared/domain/fleet.ts';
import type { Condition } from './alert-codes.ts';
import { isRecent } from './service-watch.ts';

interface Errors {
  readonly lastTs: number;
  readonly count: number;
  readonly message: string;
}

/** Watches the log lines of all services for ERROR and FATAL. Wall time. */
export interface LogWatch {
  onRecord(record: LogRecord): void;
  check(nowMs: number): Condition[];
}

export function createLogWatch(): LogWatch {
  const errors = new Map<string, Errors>();

  return {
    onRecord({ level, service, message, ts }) {
      if (level === 'WARN') return;
      const known = errors.get(service);
      const recent = known !== undefined && isRecent(known.lastTs, ts);
      errors.set(service, { lastTs: ts, count: recent ? known.count + 1 : 1, message });
    },
    check(nowMs) {
      const conditions: Condition[] = [];
      for (const [service, { lastTs, count, message }] of errors) {
        if (!isRecent(lastTs, nowMs)) {
          errors.delete(service);
          continue;
        }
        const times = count === 1 ? 'an error' : `${count} errors`;
        const text = `${service} logged ${times}, the last: ${message}`;
        conditions.push({ code: 'ERROR_LOGGED', service, subject: service, message: text });
      }
      return conditions;
    },
  };
}
