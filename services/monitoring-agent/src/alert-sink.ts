import { Streams } from '@helios/shared/contracts/catalog.ts';
import type { Alert } from '@helios/shared/domain/fleet.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { LogFiles } from './log-files.ts';

/** Alerts kept in memory while Redis takes no writes. Older ones are in the file only. */
const MAX_WAITING = 200;

/** Writes alerts to the file at once, and to the stream as soon as Redis takes writes. */
export interface AlertSink {
  publish(alerts: readonly Alert[]): Promise<void>;
}

interface Parts {
  readonly bus: Bus<'monitoring-agent'>;
  readonly files: LogFiles;
  readonly log: Logger;
}

export function createAlertSink({ bus, files, log }: Parts): AlertSink {
  let waiting: Alert[] = [];

  async function flush(): Promise<void> {
    if (waiting.length === 0) return;
    const sending = waiting;
    const isWritten = await skipWhileAway(() =>
      bus.write((batch) => {
        for (const alert of sending) batch.append(Streams.alerts, alert);
      }),
    );
    // Otherwise they keep waiting. REDIS_LOST reports that Redis is away.
    if (isWritten) waiting = waiting.slice(sending.length);
  }

  return {
    async publish(alerts) {
      for (const alert of alerts) {
        files.writeAlert(alert);
        report(alert, log);
      }
      waiting = [...waiting, ...alerts].slice(-MAX_WAITING);
      await flush();
    },
  };
}

function report({ code, level, stage, service, message, action }: Alert, log: Logger): void {
  const fields = { code, level, stage, about: service, action };
  if (stage === 'RAISED') log.warn(fields, message);
  else log.info(fields, message);
}
