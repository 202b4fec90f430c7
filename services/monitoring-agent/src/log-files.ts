import { resolve } from 'node:path';
import type { Alert, LogRecord } from '@helios/shared/domain/fleet.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { openRotatingFile, type RotatingFile, rotationOf } from '@helios/shared/runtime/rotating-file.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Condition } from './alert-codes.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');

/** The log files that only this service writes. A full disk loses lines but does not stop the service. */
export interface LogFiles {
  writeAlert(alert: Alert): void;
  /** Appends to `<log_dir>/helios.log`. Does nothing if the supervisor writes that file. */
  writeLog(record: LogRecord): void;
  /** Files that cannot be written now. */
  check(): Condition[];
  close(): Promise<void>;
}

export function openLogFiles(system: Settings['system'], writesHeliosLog: boolean, log: Logger): LogFiles {
  const faults = new Map<string, string>();

  function openLog(name: string): RotatingFile {
    const path = resolve(PROJECT, system.log_dir, name);
    return openRotatingFile(path, {
      ...rotationOf(system),
      onFault(error) {
        faults.set(name, `${path} cannot be written: ${error.message}`);
        log.warn({ path, error: error.message }, 'log file not writable: free disk space or correct its permissions');
      },
      onRecovered(lostLines) {
        faults.delete(name);
        log.info({ path, lost_lines: lostLines }, 'log file writable again');
      },
    });
  }

  const alerts = openLog('alerts.log');
  const helios = writesHeliosLog ? openLog('helios.log') : undefined;
  return {
    writeAlert: (alert) => alerts.write(JSON.stringify(alert)),
    writeLog: (record) => helios?.write(logLineOf(record)),
    check: () =>
      [...faults].map(([subject, message]) => ({
        code: 'LOG_FILE_FAULT',
        service: 'monitoring-agent',
        subject,
        message,
      })),
    async close() {
      await Promise.all([alerts.close(), helios?.close()]);
    },
  };
}

/** One JSON line as the services write them: level, service, time, message, then the fields. */
function logLineOf({ ts, level, service, message, fields }: LogRecord): string {
  const own = { level, service, ts, message };
  return JSON.stringify({ ...own, ...parsedFields(fields), ...own });
}

function parsedFields(fields: string): object {
  try {
    const parsed: unknown = JSON.parse(fields);
    return typeof parsed === 'object' && parsed !== null ? parsed : { fields };
  } catch {
    // A long field text was cut and is no longer JSON: keep it as text.
    return { fields };
  }
}
