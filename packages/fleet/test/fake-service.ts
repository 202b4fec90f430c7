import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { plainRedis } from '@helios/shared/testing/plain-redis.ts';

/**
 * A service that only sends heartbeats: `fake-service.ts NAME JOURNAL [settings-error|crashes-thrice|stubborn|ends-replay|standby|chatty]`.
 * It writes its events into the journal, one JSON line each. A chatty one logs 3,000 warnings on SIGUSR2.
 * Tests start it by the hundred, so it writes its records by hand and loads none of the contracts.
 */
const [, , service = '', journal = '', behaviour] = process.argv;
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

if (behaviour === 'chatty') {
  const { createLogger } = await import('@helios/shared/runtime/logger.ts');
  const log = createLogger({ service: 'signal-engine' });
  process.on('SIGUSR2', () => {
    for (let i = 0; i < 3_000; i += 1) log.warn({ i }, 'a warning of many');
  });
}
const redis = plainRedis(Number(process.env['REDIS_PORT']), process.env['REDIS_PASSWORD']);
await once(redis, 'ready');
const started_ts = Date.now();
const status = behaviour === 'standby' ? 'STANDBY' : 'RUNNING';
console.error(`Error: ${service} says something on stderr`);

async function beat(): Promise<void> {
  const figures = { loop_lag_ms: 0, messages: 0, malformed: 0, rss_mb: 1 };
  const key = `heartbeat:${service}`;
  const beat = { service, status, pid: process.pid, ts: Date.now(), started_ts, ...figures };
  await redis.multi().del(key).hset(key, beat).expire(key, 120).exec();
}
// While Redis is away it sends none.
setInterval(() => void beat().catch(() => {}), 100);
await beat();

if (behaviour === 'ends-replay' && service === 'data-ingestor') {
  const session = process.env['HELIOS_SESSION'] ?? '';
  const counts = { seq: 9, lines: 12, bad_lines: 1, tops_compared: 4, tops_different: 0, gaps: 2, ts_event: 1 };
  await redis.hset('replay_progress', { session, ...counts, done: 'true' });
}
