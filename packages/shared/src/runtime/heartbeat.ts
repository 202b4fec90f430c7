import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Records } from '../contracts/catalog.ts';
import type { Heartbeat, ServiceName } from '../domain/fleet.ts';
import type { Backlog, ManagedBus } from './managed-bus.ts';
import { skipWhileAway } from './redis-outage.ts';
import type { Logger } from './service.ts';

const LOOP_RESOLUTION_MS = 10;
const MB = 1_048_576;

interface Options {
  readonly service: ServiceName;
  readonly bus: ManagedBus<ServiceName>;
  readonly log: Logger;
  readonly status: () => Heartbeat['status'];
}

/** A service's sign of life. */
export interface HeartbeatSender {
  /** Writes one; true where Redis took it. While Redis is away it is left out. */
  beat(): Promise<boolean>;
  observeAge(ageMs: number): void;
  stop(): void;
}

/** Measures the event loop from now on. */
export function createHeartbeat({ service, bus, log, status }: Options): HeartbeatSender {
  const startedTs = Date.now();
  const loopDelay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  loopDelay.enable();
  let lastAgeMs: number | undefined;
  let observed = 0;

  function take(backlog: Backlog | undefined): Heartbeat {
    // The histogram counts the timer's own interval in.
    const lagMs = loopDelay.count === 0 ? 0 : Math.max(0, loopDelay.max / 1e6 - LOOP_RESOLUTION_MS);
    const age = lastAgeMs;
    const { messages: received, malformed } = bus.counts();
    // What an ingestor reads does not come over the bus.
    const messages = Math.max(received, observed);
    loopDelay.reset();
    lastAgeMs = undefined;
    return {
      service,
      status: status(),
      pid: process.pid,
      ts: Date.now(),
      started_ts: startedTs,
      loop_lag_ms: Math.round(lagMs * 10) / 10,
      ...(age === undefined ? {} : { message_age_ms: Math.round(age) }),
      ...(messages === 0 ? {} : { messages }),
      ...(backlog === undefined ? {} : { behind_ms: Math.round(backlog.ageMs) }),
      ...(backlog?.waiting === undefined ? {} : { waiting: backlog.waiting }),
      malformed,
      rss_mb: Math.round((process.memoryUsage.rss() / MB) * 10) / 10,
    };
  }

  return {
    async beat() {
      const heartbeat = take(await bus.backlog());
      const isWritten = await skipWhileAway(() =>
        bus.write((batch) => batch.setRecord(Records.heartbeat, heartbeat, { service })),
      );
      // The bus has told of the outage; the missing beat is what the others see of it.
      if (!isWritten) log.debug({}, 'heartbeat left out');
      return isWritten;
    },
    observeAge(ageMs) {
      lastAgeMs = ageMs;
      observed += 1;
    },
    stop: () => loopDelay.disable(),
  };
}
