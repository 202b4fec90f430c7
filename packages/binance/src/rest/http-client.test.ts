import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttpClient, type HttpClient } from './http-client.ts';

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

/** A server that answers as told, and a client to ask it. */
async function between(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client: HttpClient = createHttpClient({ maxBytes: 10_000, maxSockets: 4 });
  function close(): void {
    server.closeAllConnections();
    server.close();
  }
  open.push(client, { close });
  const { port } = server.address() as AddressInfo;
  let sockets = 0;
  server.on('connection', () => {
    sockets += 1;
  });
  return {
    client,
    ask: (ms = 2_000) => client.get(new URL(`http://127.0.0.1:${port}/x`), ms),
    server,
    sockets: () => sockets,
  };
}

describe('a request', () => {
  test('goes over a connection that is kept', async () => {
    const { ask, sockets } = await between((_, response) => response.end('{}'));
    for (let i = 0; i < 5; i += 1) expect(await ask()).toMatchObject({ kind: 'REPLY', status: 200, body: '{}' });
    expect(sockets()).toBe(1);
  });

  test('is answered packed, and unpacked here', async () => {
    const { ask } = await between((request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip');
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync('{"a":1}'));
    });
    expect(await ask()).toMatchObject({ body: '{"a":1}' });
  });

  test.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['never answered', () => {}, /no whole answer within 1000 ms/],
    ['answered half, then nothing', (response) => void response.write('{"a":'), /no whole answer within 1000 ms/],
    [
      'cut in the middle',
      (response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"a":');
        setTimeout(() => response.destroy(), 20);
      },
      /aborted|broken off/,
    ],
    ['cut at once', (response) => void response.destroy(), /broken off|hang up/],
    ['answered too long', (response) => void response.end('x'.repeat(20_000)), /longer than 10000 bytes/],
    [
      'a bomb',
      (response) => {
        response.setHeader('content-encoding', 'gzip');
        response.end(gzipSync('x'.repeat(5_000_000)));
      },
      /too long when unpacked|larger than/,
    ],
    [
      'damaged when packed',
      (response) => {
        response.setHeader('content-encoding', 'gzip');
        response.end('no gzip at all');
      },
      /damaged|header/,
    ],
  ])('%s is no reply, and says why', async (_, answer, problem) => {
    const { ask } = await between((__, response) => answer(response));
    const outcome = await ask(1_000);
    expect(outcome.kind).toBe('NO_REPLY');
    if (outcome.kind === 'NO_REPLY') expect(outcome.problem).toMatch(problem);
  });

  test('to a closed port, or to a host that does not exist', async () => {
    const { server } = await between(() => {});
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const client = createHttpClient();
    open.push(client);
    expect(await client.get(new URL(`http://127.0.0.1:${port}/`), 1_000)).toMatchObject({
      problem: 'the connection was refused (ECONNREFUSED)',
    });
    const nowhere = await client.get(new URL('https://no-such-host.invalid/'), 2_000);
    expect(nowhere.kind).toBe('NO_REPLY');
  });

  test('over a connection that the server has just closed is made again, once', async () => {
    let count = 0;
    const { ask } = await between((request, response) => {
      count += 1;
      if (count === 2) request.socket.resetAndDestroy();
      else response.end('{}');
    });
    await ask();
    expect(await ask()).toMatchObject({ kind: 'REPLY' });
    expect(count).toBe(3);
  });

  test.each([
    ['body', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a":'],
    ['head', 'HTTP/1.1 200 OK\r\ncontent-le'],
  ])('over a kept connection whose answer breaks off in its %s is not made again', async (_, half) => {
    let count = 0;
    const { ask } = await between((request, response) => {
      count += 1;
      if (count === 1) response.end('{}');
      else request.socket.end(half);
    });
    await ask();
    expect(await ask()).toMatchObject({ kind: 'NO_REPLY' });
    expect(count).toBe(2);
  });

  test('under way when the client is closed ends then, and is not made again', async () => {
    let count = 0;
    const { ask, client } = await between((_, response) => {
      count += 1;
      if (count === 1) response.end('{}');
    });
    await ask();
    const pending = ask(60_000);
    setTimeout(() => client.close(), 50);
    expect(await pending).toMatchObject({ kind: 'NO_REPLY' });
    expect(count).toBe(2);
  });
});
