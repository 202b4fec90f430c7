import { Streams } from '@helios/shared/contracts/catalog.ts';
import { type Clock, wallClock } from '@helios/shared/runtime/clock.ts';
import { PriceBoard } from '@helios/shared/runtime/price-board.ts';
import { defineService } from '@helios/shared/runtime/service.ts';
import { createAlertBook } from './alert-book.ts';
import { createAlertSink } from './alert-sink.ts';
import { createFleetCheck } from './fleet-check.ts';
import { createKlineWatch } from './kline-watch.ts';
import { openLogFiles } from './log-files.ts';
import { createLogWatch } from './log-watch.ts';
import { MetricsGatherer } from './metrics/metrics-gatherer.ts';
import { createStreamWatch } from './stream-watch.ts';
import { createSymbolWatch } from './watch-symbols.ts';

const CHECK_MS = 1_000;
const FOLLOW_MS = 2_000;
const READ_KLINES_MS = 10_000;
const GATHER_MS = 10_000;
const ALERTS_READ_AT_START = 300;

interface Dependencies {
  /** Heartbeats and log lines carry the machine's time, not market time. */
  readonly wall: Clock;
  /** True in compose: no supervisor collects the log lines there, so this service writes helios.log from the stream. */
  readonly writesHeliosLog: boolean;
}

/** Watches the other services and their data. Raises alerts that tell the operator what to check and what to do, and gathers the metrics. */
export const createMonitoringAgent = ({ wall, writesHeliosLog }: Dependencies) =>
  defineService({
    name: 'monitoring-agent',
    settings: ['alerts', 'risk', 'system'],
    modes: ['live', 'public', 'synthetic'],
    async start({ bus, clock, settings, mode, log, every, onStop }) {
      const limits = settings.alerts;
      const streams = createStreamWatch(limits.stale_stream_sec * 1_000, mode);
      const logs = createLogWatch();
      const files = openLogFiles(settings.system, writesHeliosLog, log);
      onStop('close the log files', () => files.close());
      const alertBook = createAlertBook(limits.repeat_sec * 1_000);
      const klines = createKlineWatch({ bus, mode });
      const alertSink = createAlertSink({ bus, files, log });
      const fleet = createFleetCheck({ bus, limits, risk: settings.risk, mode, wall, market: clock, streams, logs });

      alertBook.restore((await bus.getLatest(Streams.alerts, ALERTS_READ_AT_START)).reverse());
      const board = new PriceBoard(mode, () => clock.now());
      const symbols = createSymbolWatch({ bus, clock, mode, board, streams });
      bus.onReconnect(symbols.reload);
      await symbols.start();
      await bus.consume(Streams.logs, async (record) => {
        files.writeLog(record);
        logs.onRecord(record);
      });
      every('follow the watchlist', FOLLOW_MS, symbols.catchUp);
      every('read the newest candles', READ_KLINES_MS, () =>
        klines.look(streams.symbolsWithBook(clock.now()), clock.now()),
      );
      every('check the fleet', CHECK_MS, async () => {
        const conditions = [...(await fleet.check()), ...files.check(), ...klines.check()];
        await alertSink.publish(alertBook.update(conditions, wall.now()));
      });
      const openAlerts = () => alertBook.open();
      const metrics = new MetricsGatherer({ bus, mode, limits, wall, fleet, board, openAlerts });
      every('gather the metrics', GATHER_MS, () => metrics.gather());
    },
  });

export const monitoringAgent = createMonitoringAgent({
  wall: wallClock,
  writesHeliosLog: process.env['HELIOS_LOG_WRITER'] === 'monitoring-agent',
});
