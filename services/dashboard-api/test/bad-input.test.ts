import { Channels } from '@helios/shared/contracts/catalog.ts';
import { expect, test } from 'vitest';
import { startDashboard } from './start-dashboard.ts';

async function loggedIn() {
  const page = await startDashboard();
  await page.login();
  return page;
}

test.each([
  ['/api/decisions?limit=1000000', 'limit'],
  ['/api/decisions?limit=0', 'limit'],
  ['/api/decisions?limit=many', 'limit'],
  ['/api/decisions?kind=all', 'kind'],
  ['/api/decisions?colour=red', 'colour'],
  ['/api/candles', 'symbol'],
  ['/api/candles?symbol=../../etc', 'symbol'],
  ['/api/candles?symbol=BTCUSDT&interval=2m', 'interval'],
  ['/api/logs?service=postgres', 'service'],
  ['/api/metrics?format=xml', 'format'],
])('GET %s is refused with a message that names %s', async (path, field) => {
  const page = await loggedIn();
  const response = await page.get(path);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringContaining(field),
    action: expect.stringContaining('openapi'),
  });
});

test.each([
  ['{"action":', 400, 'BAD_JSON'],
  ['', 400, 'BAD_JSON'],
  ['[]', 400, 'BAD_REQUEST'],
  ['null', 400, 'BAD_REQUEST'],
  ['{}', 400, 'BAD_REQUEST'],
  ['{"action":"explode"}', 400, 'BAD_REQUEST'],
  ['{"action":"stop","force":true}', 400, 'BAD_REQUEST'],
  ['{"action":"stop","command_id":""}', 400, 'BAD_REQUEST'],
  ['{"action":"stop","__proto__":{"a":1}}', 400, 'BAD_JSON'],
  [JSON.stringify({ action: 'stop', command_id: 'x'.repeat(20_000) }), 413, 'TOO_LARGE'],
])('POST /api/control with %s is refused', async (body, status, code) => {
  const page = await loggedIn();
  const response = await page.post('/api/control', body);
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({ code, message: expect.any(String), action: expect.any(String) });
  expect(page.fake.stream('operator_commands').messages).toEqual([]);
});

test('an unknown action is refused with the valid ones', async () => {
  const page = await loggedIn();
  const response = await page.post('/api/control', { action: 'explode' });
  expect(await response.json()).toMatchObject({
    message: expect.stringMatching(/action: .*"start"\|"stop"\|"flatten"/),
  });
});

test('a malformed entry in Redis costs only that entry', async () => {
  const page = await loggedIn();
  page.fake.lists.set('decision_logs', ['no json', '{"decision_id":1}']);
  expect(await page.read('/api/decisions')).toMatchObject({ decisions: [] });
});

test('while Redis is away every figure answers 503 with cause and advice, and returns by itself', async () => {
  const page = await loggedIn();
  const watchlist = { symbols: ['BTCUSDT'] };
  await page.fake.bus('data-ingestor').write((batch) => batch.publish(Channels.watchlistChanges, watchlist));
  await page.fake.settle();
  page.fake.goDown();
  for (const name of [
    'state',
    'prices',
    'decisions',
    'performance',
    'positions',
    'orders',
    'health',
    'metrics',
    'logs',
  ]) {
    const response = await page.get(`/api/${name}`);
    expect(`${name} ${response.status}`).toBe(`${name} 503`);
    expect(await response.json()).toMatchObject({ code: 'REDIS_UNAVAILABLE', action: expect.any(String) });
  }
  page.fake.comeBack();
  expect((await page.get('/api/state')).status).toBe(200);
});

test('a taken port gives one clear message', async () => {
  const first = await startDashboard();
  const port = Number(new URL(first.url).port);
  await expect(startDashboard({ dashboard: { port } })).rejects.toThrow(
    `The dashboard cannot listen on 127.0.0.1:${port}: the port is taken. Set DASHBOARD_PORT to a free one`,
  );
});

test('the page’s headers allow no foreign and no inline script', async () => {
  const page = await startDashboard();
  const policy = (await page.get('/')).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toContain('unsafe');
});
