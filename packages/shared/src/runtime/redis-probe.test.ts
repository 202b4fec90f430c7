import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../testing/free-port.ts';
import { startTestRedis } from '../testing/test-redis.ts';
import { probeRedis } from './redis-probe.ts';

let server: Server | undefined;
afterEach(() => server?.close());

async function listen(onPing: (answer: (text: string) => void) => void): Promise<number> {
  const port = await freePort();
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => onPing((text) => socket.end(text)));
  });
  await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
  return port;
}

describe('probeRedis', () => {
  it('recognises a Redis, and one that requires a password', async () => {
    for (const [options, kind] of [
      [{}, 'READY'],
      [{ password: 'secret' }, 'PASSWORD_NEEDED'],
    ] as const) {
      const redis = await startTestRedis(options);
      try {
        expect(await probeRedis(redis.host, redis.port)).toEqual({ kind });
      } finally {
        await redis.stop();
      }
    }
  });

  it('recognises a closed port', async () => {
    expect(await probeRedis('127.0.0.1', await freePort())).toEqual({ kind: 'NOTHING' });
  });

  it.each([
    [
      'a web server',
      'HTTP/1.1 400 Bad Request\r\n\r\n',
      { kind: 'NOT_REDIS', said: 'HTTP/1.1 400 Bad Request\r\n\r\n' },
    ],
    ['a loading Redis', '-LOADING Redis is loading the dataset in memory\r\n', { kind: 'LOADING' }],
    ['something that hangs up', '', { kind: 'NOT_REDIS', said: '' }],
  ])('judges %s by its answer', async (_, text, expected) => {
    const port = await listen((answer) => answer(text));
    expect(await probeRedis('127.0.0.1', port)).toEqual(expected);
  });

  it('gives up on a program that never answers', async () => {
    const port = await listen(() => {});
    expect(await probeRedis('127.0.0.1', port, 200)).toEqual({ kind: 'NOT_REDIS', said: '' });
  });
});
