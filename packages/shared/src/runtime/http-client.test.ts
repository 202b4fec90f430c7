import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttpClient, type NoReplyCause, type PostingHttpClient } from './http-client.ts';

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

/** A server with the given answers, and a client for it. */
async function between(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client: PostingHttpClient = createHttpClient({ maxBytes: 10_000, maxSockets: 4 });
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
    post: (ms = 2_000) => client.post(`http://127.0.0.1:${port}/x`, ms, { 'x-kind': 'form' }, 'a=1'),
    ask: (ms = 2_000) => client.get(new URL(`http://127.0.0.1:${port}/x`), ms),
    server,
    sockets: () => sockets,
  };
}

describe('a request', () => {
  test('uses a kept-alive connection', async () => {
    const { ask, sockets } = await between((_, response) => response.end('{}'));
    for (let i = 0; i < 5; i += 1) expect(await ask()).toMatchObject({ kind: 'REPLY', status: 200, body: '{}' });
    expect(sockets()).toBe(1);
  });

  test('gets a compressed answer, which is unpacked here', async () => {
    const { ask } = await between((request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip');
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync('{"a":1}'));
    });
    expect(await ask()).toMatchObject({ body: '{"a":1}' });
  });

  test.each<[string, (response: ServerResponse) => void, RegExp, NoReplyCause?]>([
    ['never answered', () => {}, /no complete answer within 1000 ms/, 'TIMEOUT'],
    ['answered half, then nothing', (response) => void response.write('{"a":'), /within 1000 ms/, 'TIMEOUT'],
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
    ['answered too long', (response) => void response.end('x'.repeat(20_000)), /longer than 10000 bytes/, 'TOO_LONG'],
    [
      'a bomb',
      (response) => {
        response.setHeader('content-encoding', 'gzip');
        response.end(gzipSync('x'.repeat(5_000_000)));
      },
      /too long when unpacked|larger than/,
      'TOO_LONG',
    ],
    [
      'damaged when packed',
      (response) => {
        response.setHeader('content-encoding', 'gzip');
        response.end('no gzip at all');
      },
      /damaged|header/,
    ],
  ])('%s gives no reply, with the reason', async (_, answer, problem, cause = 'UNREACHABLE') => {
    const { ask } = await between((__, response) => answer(response));
    expect(await ask(1_000)).toMatchObject({ kind: 'NO_REPLY', cause, problem: expect.stringMatching(problem) });
  });

  test('to a closed port or an unknown host gives no reply', async () => {
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

  test('on a connection that the server has just closed is sent again, once', async () => {
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
  ])('on a kept connection whose answer breaks off in its %s is not sent again', async (_, half) => {
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

  test('that runs when the client is closed ends then, and is not sent again', async () => {
    let count = 0;
    const { ask, client } = await between((_, response) => {
      count += 1;
      if (count === 1) response.end('{}');
    });
    await ask();
    const pending = ask(60_000);
    setTimeout(() => client.close(), 50);
    expect(await pending).toMatchObject({ kind: 'NO_REPLY', cause: 'CLOSED' });
    expect(await ask()).toMatchObject({ kind: 'NO_REPLY', cause: 'CLOSED' });
    expect(count).toBe(2);
  });

  test('that breaks off after its head still returns the headers', async () => {
    const { ask } = await between((_, response) => {
      response.writeHead(200, { 'x-left': '7', 'content-length': '100' });
      response.write('{"a":');
    });
    expect(await ask(300)).toMatchObject({ kind: 'NO_REPLY', headers: { 'x-left': '7' } });
  });

  test('posts a body with its length and the given headers, and follows no redirect', async () => {
    const { post } = await between(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.writeHead(302, { location: 'http://127.0.0.1:1/' });
      response.end(`${request.method} ${request.headers['x-kind']} ${request.headers['content-length']} ${body}`);
    });
    expect(await post()).toMatchObject({ kind: 'REPLY', status: 302, body: 'POST form 3 a=1' });
  });

  test('that posts is sent once, also on a connection that the server has just closed', async () => {
    let count = 0;
    const { ask, post } = await between((request, response) => {
      count += 1;
      if (count === 2) request.socket.resetAndDestroy();
      else response.end('{}');
    });
    await ask();
    expect(await post()).toMatchObject({ kind: 'NO_REPLY', cause: 'UNREACHABLE' });
    expect(count).toBe(2);
  });

  test('with an invalid address or an invalid header gives no reply', async () => {
    const { client, ask } = await between((_, response) => response.end('{}'));
    expect(await client.get('reddit.com', 1_000)).toMatchObject({
      kind: 'NO_REPLY',
      problem: 'the address is not a URL (ERR_INVALID_URL)',
    });
    expect(await client.post('http://127.0.0.1:1/', 1_000, { 'x-name': 'a\nb' }, '')).toMatchObject({
      kind: 'NO_REPLY',
      problem: expect.stringContaining('x-name'),
    });
    expect(await ask()).toMatchObject({ kind: 'REPLY' });
  });
});
