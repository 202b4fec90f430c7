import { Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import { type ReplayProgress, ServiceName } from '@helios/shared/domain/fleet.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { type Clock, wallClock } from '@helios/shared/runtime/clock.ts';
import { BusFault, BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { defineService } from '@helios/shared/runtime/service.ts';
import { createAlertBook } from './alert-book.ts';
import type { Condition } from './alert-codes.ts';
import { createAlertOutlet } from './alert-outlet.ts';
import { openLogFiles } from './log-files.ts';
import { createLogWatch } from './log-watch.ts';
import { createServiceWatch, type ServiceView } from './service-watch.ts';
import { createReplayWatch, createStreamWatch } from './stream-watch.ts';
import { watchSymbols } from './watch-symbols.ts';

const CHECK_MS = 1_000;
const ALERTS_READ_AT_START = 300;

interface World {
  /** Heartbeats and log lines carry the machine's time, whatever the market's clock says. */
  readonly wall: Clock;
  /** In compose no supervisor collects the log lines: this service writes helios.log from the stream. */
  readonly writesHeliosLog: boolean;
}

/** Watches the other services and their data, and says what an operator should look at and what to do. */
export const createMonitoringAgent = ({ wall, writesHeliosLog }: World) =>
  defineService({
    name: 'monitoring-agent',
    settings: ['alerts', 'system'],
    modes: ['live', 'public', 'synthetic'],
    async start({ bus, clock, settings, mode, log, every, onStop }) {
      const { alerts: limits, system } = settings;
      const staleMs = limits.stale_stream_sec * 1_000;
      const services = createServiceWatch(limits, mode.resolved_ts);
      const streams = createStreamWatch(staleMs, mode);
      const replay = createReplayWatch(staleMs, mode);
      const logs = createLogWatch();
      const alertBook = createAlertBook(limits.repeat_sec * 1_000);
      const files = openLogFiles(system, writesHeliosLog, log);
      onStop('close the log files', () => files.close());
      const outlet = createAlertOutlet(bus, files, log);
      let redisLostTs: number | undefined;
      let since = { wall: wall.now(), market: clock.now() };
      let lasting: Condition[] = [];

      /** Everything that is wrong now. */
      async function judge(): Promise<Condition[]> {
        const now = wall.now();
        const seen = await look(bus);
        if (redisLostTs !== undefined) {
          // Nobody could write while Redis was away: silence counts from now.
          redisLostTs = undefined;
          since = { wall: now, market: clock.now() };
        }
        const stalled = replay(seen.progress, now);
        return [
          ...services.check(seen.services, now, since.wall),
          ...streams.check(clock.now(), since.market),
          ...(stalled ? [stalled] : []),
          ...logs.check(now),
        ];
      }

      function judgeWithout(error: unknown): Condition[] {
        const service = 'redis';
        if (error instanceof BusFault)
          return [{ code: 'REDIS_KEY_DAMAGED', service, subject: service, message: error.message }];
        if (!(error instanceof BusUnavailable)) throw error;
        redisLostTs ??= wall.now();
        // What was wrong before is not better for not being seen.
        return [...lasting, { code: 'REDIS_LOST', service, subject: service, message: error.message }];
      }

      async function check(): Promise<void> {
        try {
          lasting = await judge();
          await say(lasting);
        } catch (error) {
          await say(judgeWithout(error));
        }
      }

      async function say(conditions: readonly Condition[]): Promise<void> {
        await outlet.say(alertBook.update([...conditions, ...files.check()], wall.now()));
      }

      alertBook.restore((await bus.getLatest(Streams.alerts, ALERTS_READ_AT_START)).reverse());
      await watchSymbols({ bus, clock, streams });
      await bus.consume(Streams.logs, async (record) => {
        files.writeLog(record);
        logs.onRecord(record);
      });
      every('check the fleet', CHECK_MS, check);
    },
  });

interface Seen {
  readonly services: readonly ServiceView[];
  readonly progress: ReplayProgress | undefined;
}

async function look(bus: Bus<'monitoring-agent'>): Promise<Seen> {
  const beats = ServiceName.options.map((service) => bus.getRecord(Records.heartbeat, { service }));
  const [supervised, progress, heartbeats] = await Promise.all([
    bus.getMap(Maps.supervisedServices),
    bus.getRecord(Records.replayProgress),
    Promise.all(beats),
  ]);
  const services = ServiceName.options.map((service, i) => ({
    service,
    heartbeat: heartbeats[i],
    supervised: supervised[service],
  }));
  return { services, progress };
}

export const monitoringAgent = createMonitoringAgent({
  wall: wallClock,
  writesHeliosLog: process.env['HELIOS_LOG_WRITER'] === 'monitoring-agent',
});
