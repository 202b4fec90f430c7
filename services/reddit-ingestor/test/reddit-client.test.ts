import { type RedditStart, type RunningReddit, startReddit } from '@helios/fake-sites/reddit.ts';
import { createHttpClient } from '@helios/shared/runtime/http-client.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { RedditClient } from '../src/reddit-client.ts';
import { RequestPace } from '../src/request-pace.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function aClient(options: Partial<RedditStart> = {}) {
  const clock = createFakeClock();
  const now = () => clock.now();
  const reddit = await startReddit({ posts: [], nowMs: now, ...options });
  stops.push(() => reddit.stop());
  const pace = new RequestPace();
  const access = {
    authUrl: reddit.url,
    apiUrl: reddit.url,
    clientId: 'test-id',
    clientSecret: 'test-secret',
    userAgent: 'linux:helios-test:1 (by /u/nobody)',
    timeoutMs: 10_000,
  };
  const http = createHttpClient();
  stops.push(async () => http.close());
  const client = new RedditClient(access, pace, now, http);
  return {
    clock,
    reddit,
    pace,
    http,
    get: () => client.get('/r/bitcoin/new', {}),
    waitMs: () => pace.waitMs(clock.now()),
  };
}

const statusesOf = (reddit: RunningReddit, path: string) => reddit.requests().paths[path]?.statuses;

describe('RedditClient', () => {
  it('requests a new token a minute before its own ends, so that none is refused', async () => {
    const { clock, reddit, get } = await aClient({ tokenSec: 600 });
    for (const passedMs of [0, 539_000, 2_000, 60_000]) {
      clock.advance(passedMs);
      expect((await get()).kind).toBe('OK');
    }
    expect(statusesOf(reddit, '/api/v1/access_token')).toEqual({ 200: 2 });
    expect(statusesOf(reddit, '/r/bitcoin/new')).toEqual({ 200: 4 });
  });

  it.each([429, 503, 451])('waits as long as an answer of status %d demands', async (status) => {
    const { reddit, get, waitMs } = await aClient();
    await reddit.setFaults([{ fault: 'status', status, retry_after_sec: 77, path: '/r/', times: 1 }]);
    expect(await get()).toMatchObject({ kind: 'FAILED', retryAfterMs: 77_000 });
    expect(waitMs()).toBe(77_000);
  });

  it.each([
    [400, 'BAD_CREDENTIALS'],
    [401, 'BAD_CREDENTIALS'],
    [404, 'BAD_CREDENTIALS'],
    [403, 'BLOCKED'],
    [418, 'BLOCKED'],
    [451, 'BLOCKED'],
    [429, 'RATE_LIMITED'],
    [500, 'SERVER_ERROR'],
  ])('treats status %d at the token as %s', async (status, failure) => {
    const { reddit, get, waitMs } = await aClient();
    await reddit.setFaults([{ fault: 'status', status, retry_after_sec: 0, path: '/api/v1/access_token' }]);
    expect(await get()).toMatchObject({ kind: 'FAILED', failure });
    expect(waitMs()).toBe(failure === 'BAD_CREDENTIALS' ? 600_000 : 5_000);
  });

  it('ends a running request when the service stops, and reports no failure', async () => {
    const { reddit, http, get, waitMs } = await aClient();
    await reddit.setFaults([{ fault: 'hang', path: '/api/v1/access_token' }]);
    const pending = get();
    await eventually('the request has come', () => reddit.requests().paths['/api/v1/access_token']);
    http.close();
    expect(await pending).toMatchObject({ kind: 'FAILED', failure: 'STOPPED' });
    expect(waitMs()).toBe(0);
  });

  it('describes an answer that is no JSON by its type and length', async () => {
    const { reddit, get } = await aClient();
    await reddit.setFaults([{ fault: 'garbage', path: '/r/', times: 1 }]);
    expect(await get()).toMatchObject({
      failure: 'NOT_JSON',
      detail: expect.stringMatching(/^application\/json.*, \d+ char/),
    });
  });
});
