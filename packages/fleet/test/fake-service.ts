import { appendFileSync, readFileSync } from 'node:fs';
import { Records } from '@helios/shared/contracts/catalog.ts';
import { ServiceName } from '@helios/shared/domain/fleet.ts';
import { createLogger } from '@helios/shared/runtime/logger.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';

/**
 * A service that only sends heartbeats: `fake-service.ts NAME JOURNAL [settings-error|crashes-thrice|stubborn|ends-replay|standby|chatty]`.
 * It writes its events into the journal, one JSON line each. A chatty one logs 3,000 warnings on SIGUSR2.
 */
const [, , given, journal = '', behaviour] = process.argv;
const service = ServiceName.parse(given);
const note = (event: string, more: object = {}) =>
  appendFileSync(journal, `${JSON.stringify({ service, event, pid: process.pid, ...more })}\n`);

note('start', {
  secret: process.env['BINANCE_API_SECRET'],
  session: process.env['HELIOS_SESSION'],
});
if (behaviour === 'settings-error') process.exit(78);
if (behaviour === 'crashes-thrice') {
  const starts = readFileSync(journal, 'utf8')
    .split('\n')
    .filter((line) => line.includes(`"service":"${service}","event":"start"`));
  if (starts.length <= 3) process.exit(1);
}

process.on('SIGTERM', () => {
  note('stop');
  if (behaviour !== 'stubborn') process.exit(0);
});
process.on('disconnect', () => {
  note('orphaned');
  process.exit(0);
});

const log = createLogger({ service });
if (behaviour === 'chatty') {
  process.on('SIGUSR2', () => {
    for (let i = 0; i < 3_000; i += 1) log.warn({ i }, 'a warning of many');
  });
}
const { REDIS_PORT, REDIS_PASSWORD } = process.env;
const redis = { host: '127.0.0.1', port: Number(REDIS_PORT), db: 0, password: REDIS_PASSWORD, log };
const bus = await connectBus(service, redis);
const started_ts = Date.now();
const status = behaviour === 'standby' ? 'STANDBY' : 'RUNNING';
console.error(`Error: ${service} says something on stderr`);

async function beat(): Promise<void> {
  const figures = { loop_lag_ms: 0, messages: 0, malformed: 0, rss_mb: 1 };
  const beat = { service, status, pid: process.pid, ts: Date.now(), started_ts, ...figures } as const;
  await bus.write((batch) => batch.setRecord(Records.heartbeat, beat, { service }));
}
setInterval(() => beat().catch((error: unknown) => log.debug({ error }, 'heartbeat failed')), 100);
await beat();

if (behaviour === 'ends-replay' && service === 'data-ingestor') {
  const market = await connectBus('data-ingestor', redis);
  const session = process.env['HELIOS_SESSION'] ?? '';
  const counts = { seq: 9, lines: 12, bad_lines: 1, tops_compared: 4, tops_different: 0, gaps: 2, ts_event: 1 };
  await market.write((batch) => batch.setRecord(Records.replayProgress, { session, ...counts, done: true }));
}
