import { describe, expect, test, vi } from 'vitest';
import { Streams } from '../contracts/catalog.ts';
import { eventually } from '../testing/eventually.ts';
import { createFakeRedis } from '../testing/fake-bus.ts';
import { createLogger, type LoggerOptions } from './logger.ts';

function loggerWithLines(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = [];
  const log = createLogger({ service: 'signal-engine', write: (line) => void lines.push(line), ...options });
  return { log, lines, parsed: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('a log line', () => {
  test('is one line of JSON with time, level as a word, service, message and the fields', () => {
    const { log, lines, parsed } = loggerWithLines();
    log.info({ symbol: 'BTCUSDT', count: 2 }, 'book dropped');
    expect(lines[0]).toMatch(/^[^\n]+\n$/);
    const line = parsed()[0];
    expect(line).toMatchObject({ level: 'INFO', service: 'signal-engine', message: 'book dropped', symbol: 'BTCUSDT' });
    expect(line?.['ts']).toBeTypeOf('number');
  });

  test('below the level is not written; the level can be changed', () => {
    const { log, parsed } = loggerWithLines({ level: 'warn' });
    log.info({}, 'quiet');
    log.error({}, 'loud');
    log.setLevel('debug');
    log.debug({}, 'now');
    expect(parsed().map(({ level, message }) => `${level} ${message}`)).toEqual(['ERROR loud', 'DEBUG now']);
  });

  test('has an error with its cause and stack', () => {
    const { log, parsed } = loggerWithLines();
    log.error({ error: new Error('outer', { cause: new Error('inner') }) }, 'failed');
    const error = parsed()[0]?.['error'] as Record<string, unknown>;
    expect(error).toMatchObject({ name: 'Error', message: 'outer', cause: { message: 'inner' } });
    expect(error['stack']).toContain('logger.test.ts');
  });

  test('works with cycles and a bigint', () => {
    const { log, parsed } = loggerWithLines();
    const circle: Record<string, unknown> = { big: 10n };
    circle['self'] = circle;
    log.info({ circle }, 'odd');
    expect(parsed()[0]).toMatchObject({ circle: { big: '10' } });
  });

  test('keeps ts, level, service and message, whatever fields are given', () => {
    const { log, parsed } = loggerWithLines();
    log.info({ level: 30, ts: 1, service: 'other', message: 'other' }, 'true message');
    const line = parsed()[0];
    expect(line).toMatchObject({ level: 'INFO', service: 'signal-engine', message: 'true message' });
    expect(line?.['ts']).toBeGreaterThan(1);
  });
});

describe('secrets', () => {
  test.each([
    'password',
    'redis_password',
    'api_key',
    'apiKey',
    'api_secret',
    'client_secret',
    'token',
    'access_token',
    'authorization',
    'Authorization',
    'X-MBX-APIKEY',
    'signature',
    'cookie',
    'connection_string',
  ])('a field called %s is hidden at any depth', (key) => {
    const { log, lines } = loggerWithLines();
    log.info({ [key]: 'hunter2hunter2', list: [{ headers: { [key]: 'hunter2hunter2' } }] }, 'login');
    expect(lines.join()).not.toContain('hunter2');
  });

  test('a known secret is hidden everywhere: fields, message, error, stack', () => {
    const { log, lines } = loggerWithLines();
    log.addSecret('s3cr3t-value');
    const error = new Error('GET /x?key=s3cr3t-value failed', { cause: new Error('s3cr3t-value') });
    log.error({ url: 'https://x?sig=s3cr3t-value', error, nested: [{ a: 's3cr3t-value' }] }, 'with s3cr3t-value');
    log.error(error, 'bare');
    expect(lines.join()).not.toContain('s3cr3t-value');
    expect(lines.join()).toContain('[hidden]');
  });

  test('a known secret is hidden also as the name of a field', () => {
    const { log, lines } = loggerWithLines();
    log.addSecret('s3cr3t-value');
    log.info({ 's3cr3t-value': 1 }, 'odd');
    expect(lines.join()).not.toContain('s3cr3t-value');
  });

  test('an empty or very short value hides nothing', () => {
    const { log, parsed } = loggerWithLines();
    log.addSecret('');
    log.addSecret('a');
    log.info({ name: 'banana' }, 'banana');
    expect(parsed()[0]).toMatchObject({ name: 'banana', message: 'banana' });
  });

  test('no secret reaches the stream of logs', async () => {
    const { log } = loggerWithLines();
    const fake = createFakeRedis();
    log.forwardTo(fake.bus('signal-engine'));
    log.addSecret('s3cr3t-value');
    log.warn({ password: 'hunter2hunter2', url: 's3cr3t-value' }, 'with s3cr3t-value');
    await log.flushed(1_000);
    const stored = JSON.stringify(fake.stream('logs').messages);
    expect(stored).toContain('[hidden]');
    expect(stored).not.toMatch(/hunter2|s3cr3t/);
  });
});

describe('the stream of logs', () => {
  test('gets WARN and above as records, but not INFO', async () => {
    const { log } = loggerWithLines();
    const fake = createFakeRedis();
    log.forwardTo(fake.bus('signal-engine'));
    log.info({}, 'not this');
    log.warn({ symbol: 'BTCUSDT' }, 'depth gap');
    log.fatal({}, 'the end');
    await log.flushed(1_000);
    const records = await fake.bus('dashboard-api').getLatest(Streams.logs, 10);
    expect(records.map(({ level, service, message }) => [level, service, message])).toEqual([
      ['FATAL', 'signal-engine', 'the end'],
      ['WARN', 'signal-engine', 'depth gap'],
    ]);
    expect(records[1]?.fields).toBe('{"symbol":"BTCUSDT"}');
  });

  test('F49 gets a limited part of a flood, stdout gets all, and the next record has the number of the rest', async () => {
    const { log, lines } = loggerWithLines();
    const fake = createFakeRedis();
    log.forwardTo(fake.bus('signal-engine'));
    for (let i = 0; i < 1_000; i += 1) log.warn({ i }, 'flood');
    await log.flushed(1_000);
    const flooded = fake.stream('logs').messages.length;
    expect(lines).toHaveLength(1_000);
    expect(flooded).toBeGreaterThanOrEqual(20);
    expect(flooded).toBeLessThan(40);
    await eventually('a token is back', () => {
      log.warn({}, 'later');
      return fake.stream('logs').messages.length > flooded;
    });
    expect(fake.stream('logs').messages.at(-1)?.text).toContain('skipped_lines');
  });

  test('gets the reason of the process’s end also during a flood', async () => {
    const { log } = loggerWithLines();
    const fake = createFakeRedis();
    log.forwardTo(fake.bus('signal-engine'));
    for (let i = 0; i < 1_000; i += 1) log.warn({ i }, 'flood');
    log.fatal({}, 'the end');
    await log.flushed(1_000);
    expect(fake.stream('logs').messages.at(-1)?.text).toContain('the end');
  });

  test('loses lines without Redis, and does not log that loss itself', async () => {
    const { log, lines } = loggerWithLines();
    const fake = createFakeRedis();
    log.forwardTo(fake.bus('signal-engine'));
    fake.goDown();
    log.error({}, 'one');
    await log.flushed(1_000);
    await vi.waitFor(() => expect(lines).toHaveLength(1));
  });

  test('gets a very long line cut', async () => {
    const { log } = loggerWithLines();
    const fake = createFakeRedis();
    log.forwardTo(fake.bus('signal-engine'));
    log.warn({ text: 'x'.repeat(100_000) }, 'y'.repeat(100_000));
    await log.flushed(1_000);
    expect(fake.stream('logs').messages[0]?.text?.length).toBeLessThan(4_000);
    expect(await fake.bus('dashboard-api').getLatest(Streams.logs, 1)).toHaveLength(1);
  });
});
