import { Channels, Rankings, Records } from '@helios/shared/contracts/catalog.ts';
import { aBook, T0 } from '@helios/shared/testing/builders.ts';
import { expect, onTestFinished, test } from 'vitest';
import { startDashboard, until } from './start-dashboard.ts';

interface Heard {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

type Page = Awaited<ReturnType<typeof startDashboard>>;

/** Receives events like a browser. */
async function listen(page: Page) {
  const abort = new AbortController();
  const response = await fetch(`${page.url}/api/stream`, { headers: { cookie: page.cookie() }, signal: abort.signal });
  const heard: Heard[] = [];
  let ended = false;
  async function read(): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const [, event, data] = /^event: (\w+)\ndata: (.*)$/s.exec(block) ?? [];
        if (event && data) heard.push({ event, data: JSON.parse(data) });
      }
    }
  }
  const reading = read()
    .catch(() => {})
    .finally(() => {
      ended = true;
    });
  onTestFinished(async () => {
    abort.abort();
    await reading;
  });
  const of = (event: string) => heard.filter((one) => one.event === event);
  return { response, heard, of, ended: () => ended };
}

async function loggedIn() {
  const page = await startDashboard();
  await page.login();
  const ingestor = page.fake.bus('data-ingestor');
  await ingestor.write((batch) => {
    batch.setRanking(Rankings.watchlist, { BTCUSDT: 1 });
    batch.publish(Channels.watchlistChanges, { symbols: ['BTCUSDT'] });
  });
  await page.fake.settle();
  return { ...page, ingestor };
}

test('a page gets every part once, then only changed parts, at most four times a second', async () => {
  const page = await loggedIn();
  const stream = await listen(page);
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
  expect(stream.response.headers.get('content-security-policy')).toContain("default-src 'none'");
  await until(() => stream.of('connection').length === 1, 'the first round');
  const first = stream.heard.map(({ event }) => event).sort();
  expect(first).toEqual([
    'account',
    'alerts',
    'connection',
    'decisions',
    'health',
    'orders',
    'performance',
    'positions',
    'prices',
    'refusals',
    'state',
  ]);

  const startMs = performance.now();
  let sent = 0;
  while (performance.now() - startMs < 1_500) {
    sent += 1;
    const book = aBook({ ts_event: page.wall.now(), bids: [[String(sent), '1']], asks: [['9999', '1']] });
    await page.ingestor.write((batch) => batch.publish(Channels.bookSamples, book, { symbol: 'BTCUSDT' }));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const newest = () => JSON.stringify(stream.of('prices').at(-1)?.data);
  await until(() => newest().includes(`"bid":"${sent}"`), 'the newest price');
  const elapsedSec = (performance.now() - startMs) / 1_000;
  const updates = stream.of('prices').length - 1;
  expect(sent).toBeGreaterThan(50);
  expect(updates).toBeGreaterThanOrEqual(2);
  expect(updates).toBeLessThanOrEqual(Math.ceil(elapsedSec * 4) + 1);
  expect(stream.of('orders')).toHaveLength(1);
  expect(stream.of('decisions')).toHaveLength(1);
});

test('time alone changes nothing until a price becomes stale', async () => {
  const page = await loggedIn();
  const book = aBook({ ts_event: page.wall.now() });
  await page.ingestor.write((batch) => batch.publish(Channels.bookSamples, book, { symbol: 'BTCUSDT' }));
  await page.fake.settle();
  const stream = await listen(page);
  await until(() => stream.of('prices').length === 1, 'the first prices');
  page.wall.advance(30_000);
  const state = { state: 'ACTIVE', reason: 'a mark', changed_ts: T0, applied_commands: [] } as const;
  await page.fake
    .bus('signal-engine')
    .write((batch) => batch.setRecord(Records.fleetState, { ...state, applied_commands: [] }));
  await until(() => stream.of('state').length === 2, 'the mark after it');
  expect(stream.of('prices')).toHaveLength(1);
  page.wall.advance(30_001);
  await until(() => stream.of('prices').length === 2, 'the stale price');
  expect(stream.of('prices')[1]?.data['rows']).toMatchObject([{ stale: true, age_ms: 60_001 }]);
});

test('the page is notified when Redis is away and when it is back', async () => {
  const page = await loggedIn();
  const stream = await listen(page);
  await until(() => stream.of('connection').length === 1, 'the first round');
  page.fake.goDown();
  await until(() => stream.of('connection').length === 2, 'the loss');
  expect(stream.of('connection')[1]?.data).toMatchObject({
    ok: false,
    code: 'REDIS_UNAVAILABLE',
    message: expect.any(String),
  });
  page.fake.comeBack();
  await until(() => stream.of('connection').length === 3, 'the return');
  expect(stream.of('connection')[2]?.data).toEqual({ ok: true });
});

test('a stream ends with its session', async () => {
  const page = await loggedIn();
  const stream = await listen(page);
  await until(() => stream.of('connection').length === 1, 'the first round');
  await page.post('/api/logout', {});
  await until(() => stream.ended(), 'the end');
  expect(stream.heard.at(-1)?.event).toBe('logout');
});
