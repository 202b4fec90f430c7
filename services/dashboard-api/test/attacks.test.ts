import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Records } from '@helios/shared/contracts/catalog.ts';
import type { ManagedBus } from '@helios/shared/runtime/managed-bus.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { aMode } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis, type TestRedis } from '@helios/shared/testing/test-redis.ts';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { MAX_VISITORS } from '../src/visitor-limit.ts';
import { applyCommands, startProcess } from './page-harness.ts';
import { PASSWORD } from './start-dashboard.ts';

/** Every user of the machine comes from 127.0.0.1; over ssh the operator does, too. */
let port: number;
let redis: TestRedis;
let buses: ManagedBus<'fleet' | 'signal-engine'>[];
let dashboard: Awaited<ReturnType<typeof startProcess>>;
/** The cookies of a logged-in browser: its session, and the mark of a known browser. */
let session: string;
let known: string;
const sockets: Socket[] = [];

beforeAll(async () => {
  redis = await startTestRedis();
  const place = { host: redis.host, port: redis.port, db: 0, log: silentLog };
  const fleet = await connectBus('fleet', place);
  const engine = await connectBus('signal-engine', place);
  buses = [fleet, engine];
  await fleet.write((batch) => batch.setRecord(Records.fleetMode, aMode()));
  await applyCommands(engine);
  dashboard = await startProcess(redis.port);
  port = Number(new URL(dashboard.url).port);
  const [own = '', browser = ''] = (await login(PASSWORD)).headers['set-cookie'] ?? [];
  session = own.split(';')[0] ?? '';
  known = browser.split(';')[0] ?? '';
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(async () => {
  await dashboard?.stop();
  for (const bus of buses ?? []) await bus.close();
  await redis?.stop();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly code?: string; readonly trading?: { readonly state: string } };
}

/** Sends one request on its own connection, unless `agent` is given. Any header may be set, also Host. */
async function ask(
  method: 'GET' | 'POST',
  path: string,
  {
    headers = {},
    body,
    agent = false,
  }: { headers?: Record<string, string>; body?: unknown; agent?: Agent | false } = {},
): Promise<Answer> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = request({ host: '127.0.0.1', port, method, path, agent, headers: { ...json, ...headers } });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await once(sent, 'response');
  const said = await text(response);
  const isJson = String(response.headers['content-type']).includes('json');
  return { status: response.statusCode, headers: response.headers, body: isJson ? JSON.parse(said) : {} };
}

const login = (password: string, cookie = '') =>
  ask('POST', '/api/login', { body: { password }, ...(cookie === '' ? {} : { headers: { cookie } }) });

/** Stop, as the operator's page sends it. It must work within five seconds, also on a busy machine. */
async function pressStop(): Promise<void> {
  const startedMs = performance.now();
  const answer = await ask('POST', '/api/control', { body: { action: 'stop' }, headers: { cookie: session } });
  expect(answer).toMatchObject({ status: 200, body: { applied: true, trading: { state: 'REDUCING' } } });
  expect(performance.now() - startedMs).toBeLessThan(5_000);
}

/** Sends many requests, thirty at a time; resolves to the number of answers by status. */
async function flood(
  count: number,
  path: string,
  headers: Record<string, string> = {},
): Promise<Record<number, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 30 });
  const statuses: Record<number, number> = {};
  await Promise.all(
    Array.from({ length: count }, async () => {
      const { status } = await ask('GET', path, { headers, agent });
      statuses[status] = (statuses[status] ?? 0) + 1;
    }),
  );
  agent.destroy();
  return statuses;
}

const leftForTheSession = async () =>
  Number((await ask('GET', '/api/state', { headers: { cookie: session } })).headers['x-ratelimit-remaining']);

test('a stranger who floods open routes costs the operator nothing', async () => {
  const before = await leftForTheSession();
  const statuses = await flood(700, '/healthz');
  expect(statuses[429]).toBeGreaterThanOrEqual(100);
  await flood(300, '/');
  await pressStop();
  expect(await leftForTheSession()).toBeGreaterThanOrEqual(before - 1);
  expect((await login(PASSWORD, known)).status).toBe(200);
});

test.each(['cross-site', 'same-site'])(
  'requests of a %s page in the operator’s browser cost the dashboard’s page nothing',
  async (site) => {
    const before = await leftForTheSession();
    expect(before).toBeGreaterThan(300);
    // A page on another port is same-site, so the browser sends the cookie.
    await flood(650, '/api/state', { cookie: session, 'sec-fetch-site': site });
    expect(await leftForTheSession()).toBeGreaterThanOrEqual(before - 1);
    await pressStop();
  },
);

test('a page without remaining requests can still stop trading', async () => {
  expect(await flood(650, '/api/state', { cookie: session })).toHaveProperty('429');
  await pressStop();
});

test('endless guesses delay a new browser by seconds, and a known browser not at all', async () => {
  const over = new AbortController();
  let wrong = 0;
  // One after the other; thirty per minute once the pause has its maximum.
  const guesser = guessUntil(over.signal, () => (wrong += 1));
  await eventually('four guesses were wrong', () => wrong >= 4, 20_000);
  expect(await tookMs(() => login(PASSWORD))).toBeLessThan(8_000);
  const crowd = Array.from({ length: 20 }, () => guessUntil(over.signal, () => (wrong += 1)));
  expect(await tookMs(() => login(PASSWORD, known))).toBeLessThan(4_000);
  await pressStop();
  over.abort();
  await Promise.all([guesser, ...crowd]);
});

async function guessUntil(over: AbortSignal, onWrong: () => void): Promise<void> {
  const guess = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"password":"guess"}' };
  while (!over.aborted) {
    const answer = await fetch(`${dashboard.url}/api/login`, { ...guess, signal: over }).catch(() => undefined);
    if (answer?.status === 401) onWrong();
  }
}

async function tookMs(logIn: () => Promise<Answer>): Promise<number> {
  const startedMs = performance.now();
  expect((await logIn()).status).toBe(200);
  return performance.now() - startedMs;
}

test('a foreign name that points to this machine gets nothing, logged in or not', async () => {
  for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', 'localhost.evil.example'])
    for (const cookie of ['', session]) {
      const headers = { host, origin: `http://${host}`, cookie };
      for (const answer of [
        await ask('GET', '/', { headers }),
        await ask('GET', '/api/state', { headers }),
        await ask('POST', '/api/login', { headers, body: { password: PASSWORD } }),
        await ask('POST', '/api/control', { headers, body: { action: 'flatten' } }),
      ])
        expect([host, answer.status, answer.body.code]).toEqual([host, 403, 'FOREIGN_HOST']);
    }
});

/** Connections that send `said` and then nothing more. */
async function hangOn(count: number, said: string): Promise<Socket[]> {
  const opened = Array.from({ length: count }, () =>
    connect(port, '127.0.0.1')
      .on('error', () => {})
      .resume(),
  );
  sockets.push(...opened);
  await Promise.all(opened.map((socket) => once(socket, 'connect')));
  for (const socket of opened) socket.write(said);
  return opened;
}

test('half-sent requests end within fifteen seconds, and any number of them blocks nobody', async () => {
  const head =
    'POST /api/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"pass';
  const bodies = await hangOn(150, head);
  const stillOpen = (hanging: readonly Socket[]) => hanging.filter(({ readyState }) => readyState === 'open').length;
  await eventually('every half-sent body is given up', () => stillOpen(bodies) === 0, 15_000);
  const [more, heads] = [await hangOn(500, head), await hangOn(500, 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n')];
  await pressStop();
  expect((await login(PASSWORD, known)).status).toBe(200);
  expect(stillOpen([...more, ...heads])).toBeLessThanOrEqual(MAX_VISITORS);
});
