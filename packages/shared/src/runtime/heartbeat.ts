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

/** Sends the heartbeats of a service. */
export interface HeartbeatSender {
  /** Writes a heartbeat; true if Redis accepted it. Skips it while Redis is away. */
  beat(): Promise<boolean>;
  observeAge(ageMs: number): void;
  stop(): void;
}

/** Starts to measure the event loop. */
export function createHeartbeat({ service, bus, log, status }: Options): HeartbeatSender {
  const startedTs = Date.now();
  const loopDelay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  loopDelay.enable();
  let lastAgeMs: number | undefined;
  let observed = 0;

  function take(backlog: Backlog | undefined): Heartbeat {
    // The histogram includes the timer's own interval.
    const lagMs = loopDelay.count === 0 ? 0 : Math.max(0, loopDelay.max / 1e6 - LOOP_RESOLUTION_MS);
    const age = lastAgeMs;
    const { messages: received, malformed } = bus.counts();
    // An ingestor's market messages do not come over the bus.
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
      // The bus has logged the outage. Other services see it by the missing heartbeat.
      if (!isWritten) log.debug({}, 'heartbeat skipped');
      return isWritten;
    },
    observeAge(ageMs) {
      lastAgeMs = ageMs;
      observed += 1;
    },
    stop: () => loopDelay.disable(),
  };
}
