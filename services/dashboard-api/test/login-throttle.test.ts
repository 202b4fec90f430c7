import { once } from 'node:events';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { ensurePassword, passwordFile } from '@helios/shared/runtime/password.ts';
import { expect, test } from 'vitest';
import { createKnownBrowsers } from '../src/auth/known-browsers.ts';
import { SESSION_MS } from '../src/auth/sessions.ts';
import { PASSWORD, startDashboard, temporaryFolder, until } from './start-dashboard.ts';

const cookiesOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');

test('ten simultaneous wrong passwords do not refuse the right one from the same address', async () => {
  const page = await startDashboard();
  const guesses = Array.from({ length: 10 }, () => page.post('/api/login', { password: 'guess' }));
  const own = await page.post('/api/login', { password: PASSWORD });
  expect(own.status).toBe(200);
  await page.stop();
  await Promise.allSettled(guesses);
});

/** A login on its own connection: the dashboard receives such logins in the order of sending. */
function loginApart(url: string, password: string, cookie = '') {
  const headers = { 'content-type': 'application/json', cookie };
  const asked = request(`${url}/api/login`, { method: 'POST', headers, agent: false });
  const status = once(asked, 'response').then(([answer]: IncomingMessage[]) => answer?.resume().statusCode);
  // Unanswered requests are cut off when the dashboard stops.
  status.catch(() => {});
  asked.end(JSON.stringify({ password }));
  return { sent: once(asked, 'finish'), status };
}

test('a browser that has logged in before does not wait for others’ wrong guesses, and is not refused', async () => {
  const page = await startDashboard();
  const known = cookiesOf(await page.post('/api/login', { password: PASSWORD }));
  const guesses = Array.from({ length: 50 }, () => loginApart(page.url, 'guess'));
  let answered = 0;
  for (const { status } of guesses) void status.then(() => (answered += 1)).catch(() => {});
  await Promise.all(guesses.map(({ sent }) => sent));
  await until(() => answered > 0, 'the first guess has waited');
  expect(await loginApart(page.url, PASSWORD, known).status).toBe(200);
  // They run one after the other with pauses, so most of them still wait.
  expect(answered).toBeLessThan(25);
});

test('only a cookie that we signed makes a browser known', () => {
  const browsers = createKnownBrowsers('a key of this test');
  const cookie = browsers.sign();
  expect(browsers.idOf(cookie)).toBe(cookie.split('.')[0]);
  expect(createKnownBrowsers('another key').idOf(cookie)).toBeUndefined();
  for (const forged of [undefined, '', '.', 'x', `x${cookie}`, `${cookie}x`, cookie.split('.')[0]])
    expect(browsers.idOf(forged)).toBeUndefined();
});

test('sessions survive a restart, as hashes in a file that only the owner reads, and keep their end', async () => {
  const first = await startDashboard();
  await first.login();
  const cookie = first.cookie();
  await first.stop();
  const file = join(first.project, '.helios/dashboard-sessions.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).not.toContain(cookie.split('=')[1]);
  expect(readFileSync(file, 'utf8')).not.toContain(PASSWORD);
  const second = await startDashboard({ project: first.project });
  expect((await second.get('/api/state', { cookie })).status).toBe(200);
  second.wall.advance(SESSION_MS);
  expect((await second.get('/api/state', { cookie })).status).toBe(401);
});

test('a changed password ends the sessions of the old one, and a restart does not undo a logout', async () => {
  const first = await startDashboard();
  await first.login();
  const cookie = first.cookie();
  await first.stop();
  const changed = await startDashboard({ project: first.project, dashboard: { password: 'another password' } });
  expect((await changed.get('/api/state', { cookie })).status).toBe(401);
  await changed.stop();
  // With the first password again, no old session returns.
  const back = await startDashboard({ project: first.project });
  expect((await back.get('/api/state', { cookie })).status).toBe(401);
  await back.login();
  await back.post('/api/logout', {});
  await back.stop();
  const again = await startDashboard({ project: first.project });
  expect((await again.get('/api/state', { cookie: back.cookie() })).status).toBe(401);
});

test('a replaced password file ends the sessions while the dashboard runs', async () => {
  const project = temporaryFolder();
  const dataDir = join(project, '.helios');
  const password = await ensurePassword(dataDir);
  const page = await startDashboard({ project, dashboard: { password: '' } });
  const cookie = cookiesOf(await page.post('/api/login', { password }));
  expect((await page.get('/api/state', { cookie })).status).toBe(200);
  rmSync(passwordFile(dataDir));
  await ensurePassword(dataDir);
  await until(async () => (await page.get('/api/state', { cookie })).status === 401, 'the end of the session');
});

test('a damaged file of sessions requires a login and stops nothing', async () => {
  const first = await startDashboard();
  await first.login();
  await first.stop();
  writeFileSync(join(first.project, '.helios/dashboard-sessions.json'), '{"half');
  const second = await startDashboard({ project: first.project });
  expect((await second.get('/api/state', { cookie: first.cookie() })).status).toBe(401);
  await second.login();
  expect((await second.get('/api/state')).status).toBe(200);
});

/** Remaining requests in the bucket of this answer; null if it was not counted. */
const leftOf = (response: Response) => response.headers.get('x-ratelimit-remaining');

test('each session has its own share of requests; the page, the login and Start, Stop and Flatten are not counted', async () => {
  const page = await startDashboard();
  await page.login();
  const other = cookiesOf(await page.post('/api/login', { password: PASSWORD }, { cookie: '' }));
  expect(leftOf(await page.get('/api/state'))).toBe('599');
  expect(leftOf(await page.get('/api/prices'))).toBe('598');
  expect(leftOf(await page.get('/api/state', { cookie: other }))).toBe('599');
  // Requests that another site’s page causes come without the cookie.
  expect(leftOf(await page.get('/healthz', { cookie: '' }))).toBe('599');
  expect(leftOf(await page.get('/', { cookie: '' }))).toBeNull();
  expect(leftOf(await page.post('/api/login', { password: PASSWORD }, { cookie: '' }))).toBeNull();
  expect(leftOf(await page.post('/api/control', { action: 'stop' }))).toBeNull();
});

test('without a login requests of another site’s page count separately', async () => {
  const page = await startDashboard({ dashboard: { login: false } });
  expect(leftOf(await page.get('/api/state'))).toBe('599');
  expect(leftOf(await page.get('/api/state', { 'sec-fetch-site': 'same-origin' }))).toBe('598');
  expect(leftOf(await page.get('/api/state', { 'sec-fetch-site': 'cross-site' }))).toBe('599');
});
