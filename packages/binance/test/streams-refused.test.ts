import { expect, test } from 'vitest';
import { streamsHarnessPerTest } from './streams-harness.ts';

const at = streamsHarnessPerTest();

const DEPTH = 'btcusdt@depth@100ms';
const MARK = 'btcusdt@markPrice@1s';

async function opened(stream: string): Promise<void> {
  await at.harness.until('it is open', () => at.harness.opened().includes(stream));
}

test.each([
  { status: 429, retryAfterS: 90, code: 'LIMITED', waitsMs: 91_000 },
  { status: 418, retryAfterS: 300, code: 'BANNED', waitsMs: 301_000 },
  { status: 418, retryAfterS: undefined, code: 'BANNED', waitsMs: 120_000 },
  { status: 403, retryAfterS: undefined, code: 'GEO_BLOCKED', waitsMs: 30_000 },
  { status: 451, retryAfterS: undefined, code: 'GEO_BLOCKED', waitsMs: 30_000 },
])(
  'after a refusal with $status ($retryAfterS s), all connections wait $waitsMs ms, then only one tries',
  async (refusal) => {
    const headers: Record<string, string> = refusal.retryAfterS ? { 'retry-after': String(refusal.retryAfterS) } : {};
    at.venue.manners.refuse = { status: refusal.status, headers, body: 'no' };
    at.harness.streams.setStreams([DEPTH, MARK]);
    await at.harness.until('both are refused', () => at.venue.attempts === 2 && at.harness.lines.length === 1);
    expect(at.harness.lines[0]).toMatchObject({ level: 'warn', message: 'market streams cannot be opened' });
    expect(at.harness.lines[0]?.fields).toMatchObject({
      code: refusal.code,
      problem: expect.stringContaining(String(refusal.status)),
    });
    await at.harness.pass(refusal.waitsMs - 3_000);
    expect(at.venue.attempts).toBe(2);
    await at.harness.pass(8_000);
    expect(at.venue.attempts).toBe(3);
    at.venue.manners.refuse = undefined;
    await opened(DEPTH);
    await opened(MARK);
  },
);

test.each([
  { status: 404, code: 'REJECTED', advice: 'BINANCE_STREAM_URL' },
  { status: 503, code: 'DOWN', advice: 'network' },
  { status: 200, code: 'GARBAGE', advice: 'BINANCE_STREAM_URL' },
  { status: 301, code: 'GARBAGE', advice: 'BINANCE_STREAM_URL' },
])('an answer of $status instead of a stream is logged as $code, with advice', async ({ status, code, advice }) => {
  at.venue.manners.refuse = { status, body: status === 200 ? '{}' : '<html>' };
  at.harness.streams.setStreams([DEPTH]);
  await at.harness.until('it is logged', () => at.harness.lines.length === 1);
  expect(at.harness.lines[0]?.fields).toMatchObject({ code, advice: expect.stringContaining(advice) });
  at.venue.manners.refuse = undefined;
  await opened(DEPTH);
});
