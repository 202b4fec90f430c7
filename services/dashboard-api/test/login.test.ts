import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { PriceBoard } from '@helios/shared/runtime/price-board.ts';
import { aMode, defaultSettings } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { expect, test } from 'vitest';
import { createKnownBrowsers } from '../src/auth/known-browsers.ts';
import { createLoginQueue } from '../src/auth/login-queue.ts';
import { isOwnHost } from '../src/auth/own-host.ts';
import { createSessions, SESSION_MS } from '../src/auth/sessions.ts';
import { buildApp } from '../src/build-app.ts';
import { PAGE_FILES } from '../src/endpoints/page.ts';
import { createPushHub } from '../src/push/push-hub.ts';
import { PASSWORD, startDashboard } from './start-dashboard.ts';

/** Paths that need no login; none of them shows a figure. */
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
    board: new PriceBoard(mode, () => wall.now()),
    dataDir: '/nonexistent',
    log: silentLog,
    shownSettings: [],
  };
  const nowMs = () => wall.now();
  const queue = createLoginQueue({ nowMs, wait: async () => {}, rng: () => 0 });
  const browsers = createKnownBrowsers('a key of this test');
  const login = { sessions: createSessions(nowMs), queue, browsers, isPassword: async () => false };
  return buildApp({ api, hub: createPushHub([]), login });
}

/** `METHOD /path` of every existing route. */
function routesOf(tree: string): string[] {
  const lines = tree.trimEnd().split('\n');
  return lines.flatMap((line) => {
    const [, path, methods = ''] = /── (\S+) \(([A-Z, ]+)\)$/.exec(line) ?? [];
    if (path === undefined) throw new Error(`a line of the route tree that this test cannot read: ${line}`);
    return methods.split(', ').map((method) => `${method} /${path.replace(/^\//, '')}`);
  });
}

test('every route except the page itself, the login and /healthz requires a login', async () => {
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

test('an unknown path requires a login first, then is reported as unknown', async () => {
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

/** Sends a request with this Host, like a browser that resolved `host` to this machine. `fetch` cannot set it. */
async function statusFor(url: string, host: string, path = '/api/state'): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  const asked = request({ hostname, port, path, headers: { host } }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

test.each([false, true])('with login=%s a foreign name gets nothing', async (login) => {
  const { url } = await startDashboard({ dashboard: { login } });
  const { port } = new URL(url);
  const own = ['127.0.0.1', `localhost:${port}`, 'helios.localhost', `[::1]:${port}`, '192.168.1.7:8080'];
  for (const host of own) expect(await statusFor(url, host), host).toBe(login ? 401 : 200);
  const foreign = [`evil.example:${port}`, 'localhost.evil.example', '127.0.0.1.evil.example'];
  for (const host of foreign) {
    expect(await statusFor(url, host), host).toBe(403);
    expect(await statusFor(url, host, '/'), host).toBe(403);
  }
  // Node’s own client always sends a Host.
  for (const none of [undefined, '']) expect(isOwnHost(none, ['127.0.0.1'])).toBe(false);
});

test('dashboard.host and dashboard.public_hosts are names of the dashboard', async () => {
  const { url } = await startDashboard({
    dashboard: { login: false, host: 'localhost', public_hosts: ['Helios.example', 'desk.example:8443'] },
  });
  for (const host of ['LOCALHOST', 'helios.example', 'helios.example:9000', 'desk.example']) {
    expect(await statusFor(url, host), host).toBe(200);
  }
  expect(await statusFor(url, 'other.example')).toBe(403);
});

async function refusalFor(url: string, host: string): Promise<{ code: string; message: string; action: string }> {
  const asked = request(`${url}/api/state`, { headers: { host } }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(403);
  return JSON.parse(await text(answer));
}

test.each([
  ['helios.example', 'helios.example'],
  ['Helios.Example:8600', 'helios.example:8600'],
  ['helios.example:80', 'helios.example'],
  ['evil@helios.example', 'helios.example'],
])('a foreign name (%s) is refused with the setting that allows it, and the setting works', async (host, value) => {
  const { url } = await startDashboard();
  expect(await refusalFor(url, host)).toEqual({
    code: 'FOREIGN_HOST',
    message: `“${value}” is not a known name of this dashboard, so the dashboard refuses the request. If the name is yours, add it to dashboard.public_hosts=${value} (DASHBOARD_PUBLIC_HOSTS), and keep the names already there.`,
    action:
      'Open the page by an address or by localhost, or set dashboard.public_hosts (DASHBOARD_PUBLIC_HOSTS) and restart.',
  });
  const known = await startDashboard({ dashboard: { login: false, public_hosts: [value] } });
  expect(await statusFor(known.url, host)).toBe(200);
});

test.each(['a,b.example', 'a b', '<b>', `${'x'.repeat(300)}.example`, 'a;rm', '%zz'])(
  'a name that is not valid in the setting (%s) is not repeated',
  async (host) => {
    const { url } = await startDashboard();
    const { code, message } = await refusalFor(url, host);
    expect({ code, message }).toEqual({
      code: 'FOREIGN_HOST',
      message: 'The Host header of the request is not a host name, so the dashboard refuses it.',
    });
  },
);

// Like nginx with a bare proxy_pass (the upstream's Host), and with `Host $host` (no port).
test.each([
  ['the upstream’s', undefined],
  ['the name without its port', 'helios.example'],
])('behind a proxy that sends %s Host the refusal names the setting, and the setting works', async (_what, host) => {
  const origin = { origin: 'http://helios.example:8600' };
  const dashboard = { public_hosts: host === undefined ? [] : [host] };
  const refusing = await startDashboard({ dashboard });
  const refused = await loginThrough(refusing.url, host, origin);
  expect(refused.statusCode).toBe(403);
  expect(JSON.parse(await text(refused))).toMatchObject({
    code: 'CROSS_SITE',
    message: expect.stringMatching(
      /^The page is open as helios\.example:8600, but the request arrived for .*set dashboard\.public_hosts=helios\.example:8600 \(DASHBOARD_PUBLIC_HOSTS\)/,
    ),
  });
  const serving = await startDashboard({ dashboard: { public_hosts: ['helios.example:8600'] } });
  const served = await loginThrough(serving.url, host, origin);
  served.resume();
  expect(served.statusCode).toBe(200);
  const other = await loginThrough(serving.url, host, { origin: 'http://helios.example:9999' });
  other.resume();
  expect(other.statusCode).toBe(403);
});

async function loginThrough(url: string, host: string | undefined, headers: Record<string, string>) {
  const { hostname, port } = new URL(url);
  const all = { 'content-type': 'application/json', host: host ?? `${hostname}:${port}`, ...headers };
  const asked = request({ hostname, port, path: '/api/login', method: 'POST', headers: all });
  asked.end(JSON.stringify({ password: PASSWORD }));
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return answer;
}

test('with dashboard.login=false everything is open, except to another site’s page', async () => {
  const page = await startDashboard({ dashboard: { login: false } });
  expect((await page.get('/api/state')).status).toBe(200);
  const foreign = await page.post('/api/control', { action: 'stop' }, { origin: 'https://evil.example' });
  expect(foreign.status).toBe(403);
  expect(await foreign.json()).toMatchObject({ code: 'CROSS_SITE' });
  const form = await page.post('/api/control', 'action=stop', { 'content-type': 'application/x-www-form-urlencoded' });
  expect(form.status).toBe(415);
  const plain = await page.post('/api/control', '{"action":"stop"}', { 'content-type': 'text/plain' });
  expect(plain.status).toBe(415);
});
