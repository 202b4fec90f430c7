import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { beforeEach, expect, test } from 'vitest';
import type { LinkFault } from '../src/chaos/link-fault.ts';
import { TcpProxy } from '../src/chaos/tcp-proxy.ts';

let proxy: TcpProxy;
let port: number;
/** What the server has received on all its connections. */
let received: string;

beforeEach(async () => {
  received = '';
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      received += data;
      socket.write(data);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  proxy = new TcpProxy({ host: '127.0.0.1', port: typeof address === 'object' ? (address?.port ?? 0) : 0 });
  port = await proxy.listen();
  return async () => {
    await proxy.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  };
});

/** A client that keeps what it hears, and how it ended. */
async function client() {
  const socket = connect(port, '127.0.0.1');
  const heard = { text: '', end: undefined as string | undefined };
  socket.on('data', (data) => {
    heard.text += data;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    heard.end = error.code;
  });
  await once(socket, 'connect');
  return { socket, heard };
}

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => void socket.once('close', () => resolve()));

/** Resolves when the server has heard one more byte, so that this connection is joined. */
async function talking() {
  const one = await client();
  one.socket.write('a');
  await eventually('an echo', () => one.heard.text === 'a');
  return one;
}

test('without a fault bytes pass, and an end ends the other side', async () => {
  const { socket, heard } = await talking();
  socket.end('b');
  await closed(socket);
  expect([received, heard.end]).toEqual(['ab', undefined]);
});

test.each<LinkFault>([{ kind: 'CUT' }, { kind: 'CLOSED' }])('$kind resets what is open', async (fault) => {
  const { socket, heard } = await talking();
  proxy.setFault(fault);
  await closed(socket);
  expect([heard.end, proxy.met]).toEqual(['ECONNRESET', 1]);
  if (fault.kind === 'CUT') await talking();
  const other = connect(port, '127.0.0.1').on('error', () => {});
  if (fault.kind === 'CLOSED') await closed(other);
  proxy.setFault(undefined);
  await talking();
});

test('DELAY: each byte comes later, in order', async () => {
  const { socket, heard } = await talking();
  proxy.setFault({ kind: 'DELAY', ms: 100 });
  const fromMs = performance.now();
  socket.write('b');
  await eventually('an echo', () => heard.text === 'ab');
  expect(performance.now() - fromMs).toBeGreaterThanOrEqual(199);
});

test('BANDWIDTH: so many bytes a second', async () => {
  const { socket, heard } = await talking();
  proxy.setFault({ kind: 'BANDWIDTH', bytesPerSec: 10_000 });
  const fromMs = performance.now();
  socket.write('b'.repeat(1_000));
  await eventually('an echo', () => heard.text.length === 1_001);
  expect(performance.now() - fromMs).toBeGreaterThanOrEqual(199);
});

test('STALL: what was sent arrives at the end, also from a client that gave up', async () => {
  const [stays, gone] = [await talking(), await talking()];
  proxy.setFault({ kind: 'STALL' });
  stays.socket.write('b');
  gone.socket.write('c');
  await eventually('both are held', () => proxy.met === 2);
  gone.socket.destroy();
  await closed(gone.socket);
  expect(received).toBe('aa');
  proxy.setFault(undefined);
  await eventually('both arrive', () => [...received].toSorted().join('') === 'aabc');
  await eventually('an echo', () => stays.heard.text === 'ab');
});

test('HALF_OPEN: nothing passes, and the connection is reset at the end', async () => {
  const { socket, heard } = await talking();
  proxy.setFault({ kind: 'HALF_OPEN' });
  socket.write('b');
  await eventually('it is held', () => proxy.met === 1);
  proxy.setFault(undefined);
  await closed(socket);
  expect([received, heard.end]).toEqual(['a', 'ECONNRESET']);
});
