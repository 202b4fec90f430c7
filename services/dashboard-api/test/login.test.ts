import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { aMode, defaultSettings } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { expect, test } from 'vitest';
import { isOwnHost } from '../src/auth/own-host.ts';
import { createSessions, SESSION_MS } from '../src/auth/sessions.ts';
import { buildApp } from '../src/build-app.ts';
import { PAGE_FILES } from '../src/endpoints/page.ts';
import { createPriceBoard } from '../src/price-board.ts';
import { createPushHub } from '../src/push/push-hub.ts';
import { PASSWORD, startDashboard } from './start-dashboard.ts';

/** What a visitor may ask for without a login: nothing that carries a figure. */
const OPEN = [
  'GET /healthz',
  'POST /api/login',
  ...PAGE_FILES.map((file) => (file === 'index.html' ? 'GET /' : `GET /${file}`)),
].sort();

async function anApp() {
  const wall = createFakeClock();
  const mode = aMode();
  const api = {
    bus: createFakeRedis().bus('dashboard-api'),
    clock: wall,
    wall,
    mode,
    settings: defaultSettings(),
    board: createPriceBoard(mode, 60_000),
    log: silentLog,
    shownSettings: [],
  };
  const sessions = createSessions(() => wall.now());
  return buildApp({ api, hub: createPushHub([]), sessions, isPassword: async () => false });
}

/** `METHOD /path` of every route there is. */
function routesOf(tree: string): string[] {
  const lines = tree.trimEnd().split('\n');
  return lines.flatMap((line) => {
    const [, path, methods = ''] = /── (\S+) \(([A-Z, ]+)\)$/.exec(line) ?? [];
    if (path === undefined) throw new Error(`a line of the route tree that this test cannot read: ${line}`);
    return methods.split(', ').map((method) => `${method} /${path.replace(/^\//, '')}`);
  });
}

test('every route but the page itself, the login and /healthz asks for a login', async () => {
  const app = await anApp();
  const routes = routesOf(app.printRoutes({ commonPrefix: false }));
  expect(routes.length).toBeGreaterThan(20);
  const answers = await Promise.all(
    routes.map(async (route) => {
      const [method = '', url = ''] = route.split(' ');
      const { statusCode } = await app.inject({
        method: method as 'GET' | 'POST',
        url,
        ...(method === 'POST' ? { payload: {} } : {}),
      });
      return { route, statusCode };
    }),
  );
  const open = answers.filter(({ statusCode }) => statusCode !== 401).map(({ route }) => route);
  expect(open.sort()).toEqual(OPEN);
  await app.close();
});

test('a path that does not exist asks for a login first, then says so', async () => {
  const page = await startDashboard();
  expect((await page.get('/api/nothing')).status).toBe(401);
  await page.login();
  const response = await page.get('/api/nothing?x=1');
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: 'NOT_FOUND', message: 'There is no GET /api/nothing.' });
});

test('the right password opens a session in a cookie that scripts and other sites cannot use', async () => {
  const page = await startDashboard();
  const wrong = await page.post('/api/login', { password: 'guess' });
  expect(wrong.status).toBe(401);
  expect(wrong.headers.get('set-cookie')).toBeNull();
  expect(await wrong.json()).toMatchObject({
    code: 'WRONG_PASSWORD',
    action: expect.stringContaining('DASHBOARD_PASSWORD'),
  });
  const right = await page.post('/api/login', { password: PASSWORD });
  expect(right.headers.get('set-cookie')).toMatch(/HttpOnly/);
  expect(right.headers.get('set-cookie')).toMatch(/SameSite=Strict/);
});

test('a session ends at logout and after twelve hours', async () => {
  const page = await startDashboard();
  await page.login();
  expect((await page.get('/api/state')).status).toBe(200);
  const kept = page.cookie();
  expect((await page.post('/api/logout', {})).status).toBe(200);
  expect((await page.get('/api/state', { cookie: kept })).status).toBe(401);
  await page.login();
  page.wall.advance(SESSION_MS - 1);
  expect((await page.get('/api/state')).status).toBe(200);
  page.wall.advance(1);
  expect((await page.get('/api/state')).status).toBe(401);
});

test('a forged cookie opens nothing', async () => {
  const page = await startDashboard();
  expect((await page.get('/api/state', { cookie: 'helios_session=abc' })).status).toBe(401);
});

test('login attempts are limited', async () => {
  const page = await startDashboard();
  const statuses: number[] = [];
  for (let i = 0; i < 7; i += 1) statuses.push((await page.post('/api/login', { password: 'guess' })).status);
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  const refused = await page.post('/api/login', { password: PASSWORD });
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).not.toBeNull();
  expect(await refused.json()).toMatchObject({
    code: 'TOO_MANY_REQUESTS',
    message: expect.stringContaining('try again'),
  });
});

/** Asks as a browser does that took `host` for this machine; fetch would not let us say so. */
async function statusFor(url: string, host: string, path = '/api/state'): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  const asked = request({ hostname, port, path, headers: { host } }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

test('without a login nothing is told under a name that is not this machine’s', async () => {
  const { url } = await startDashboard({ dashboard: { login: false } });
  const { port } = new URL(url);
  const own = ['127.0.0.1', `localhost:${port}`, 'helios.localhost', `[::1]:${port}`, '192.168.1.7:8080'];
  for (const host of own) expect(await statusFor(url, host), host).toBe(200);
  const foreign = [`evil.example:${port}`, 'localhost.evil.example', '127.0.0.1.evil.example'];
  for (const host of foreign) {
    expect(await statusFor(url, host), host).toBe(403);
    expect(await statusFor(url, host, '/'), host).toBe(403);
  }
  // Node’s own client always sends a Host.
  for (const none of [undefined, '']) expect(isOwnHost(none, '127.0.0.1')).toBe(false);
});

test('without a login the configured host is this machine’s name; with one the cookie is enough', async () => {
  const named = await startDashboard({ dashboard: { login: false, host: 'localhost' } });
  expect(await statusFor(named.url, 'LOCALHOST')).toBe(200);
  const guarded = await startDashboard();
  expect(await statusFor(guarded.url, 'evil.example', '/healthz')).toBe(200);
  expect(await statusFor(guarded.url, 'evil.example')).toBe(401);
});

test('with dashboard.login=false everything is open, but not to another site’s page', async () => {
  const page = await startDashboard({ dashboard: { login: false } });
  expect((await page.get('/api/state')).status).toBe(200);
  const foreign = await page.post('/api/control', { action: 'stop' }, { origin: 'https://evil.example' });
  expect(foreign.status).toBe(403);
  expect(await foreign.json()).toMatchObject({ code: 'CROSS_SITE' });
  const form = await page.post('/api/control', 'action=stop', { 'content-type': 'application/x-www-form-urlencoded' });
  expect(form.status).toBe(415);
  const text = await page.post('/api/control', '{"action":"stop"}', { 'content-type': 'text/plain' });
  expect(text.status).toBe(415);
});
