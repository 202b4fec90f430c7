import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lists, Maps, Rankings, Records, Streams, Values } from '../contracts/catalog.ts';
import { silentLog } from '../testing/silent-log.ts';
import type { Bus } from './bus.ts';
import { connectBus } from './redis-bus.ts';

/** A server that speaks the protocol of Redis until the first command, and then answers with `answer`. */
let answer = '';
let server: Server;
const sockets = new Set<Socket>();
beforeEach(async () => {
  server = createServer((socket) => {
    sockets.add(socket.setEncoding('utf8'));
    socket.on('data', (text) => {
      for (const [, name] of String(text).matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g)) socket.write(replyTo(name ?? ''));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

function replyTo(name: string): string {
  const command = name.toLowerCase();
  if (command === 'info' && answer === '') return '$20\r\nredis_version:7.0.0\n\r\n';
  return ['client', 'select', 'info'].includes(command) && answer === '' ? '+OK\r\n' : answer || '+OK\r\n';
}

const page = (bus: Bus<'fleet'>) => bus as unknown as Bus<'dashboard-api'>;
const QUESTIONS: Readonly<Record<string, (bus: Bus<'fleet'>) => Promise<unknown>>> = {
  value: (bus) => bus.get(Values.schemaVersion),
  record: (bus) => bus.getRecord(Records.fleetMode),
  map: (bus) => bus.getMap(Maps.supervisedServices),
  list: (bus) => page(bus).getList(Lists.decisionLogs, 5),
  count: (bus) => page(bus).count(Lists.decisionLogs),
  stream: (bus) => page(bus).getLatest(Streams.alerts, 5),
  ranking: (bus) => page(bus).getRanking(Rankings.watchlist),
  lease: (bus) => (bus as unknown as Bus<'execution-manager'>).takeLease(Records.entryLease, 'one', 1_000),
  info: (bus) => bus.serverInfo('stats'),
};
const ODD = { nothing: '*-1\r\n', number: ':7\r\n', numbers: '*1\r\n:7\r\n', word: '+yes\r\n' };
/** Possible answers to a command. */
const FITS: Readonly<Record<string, readonly string[]>> = {
  value: ['nothing', 'word'],
  count: ['number'],
  lease: ['number'],
  info: ['word'],
};

test.each(Object.keys(QUESTIONS))(
  'an impossible reply to %s is a problem of Redis, not a fault of ours',
  async (question) => {
    answer = '';
    const place = { host: '127.0.0.1', port: (server.address() as { port: number }).port, db: 0 };
    const bus = await connectBus('fleet', { ...place, log: silentLog, connectTimeoutMs: 3_000 });
    for (const [name, reply] of Object.entries(ODD)) {
      if (FITS[question]?.includes(name)) continue;
      answer = reply;
      await expect(QUESTIONS[question]?.(bus), name).rejects.toMatchObject({ code: 'REDIS_ODD_REPLY' });
    }
    await bus.close();
  },
);
