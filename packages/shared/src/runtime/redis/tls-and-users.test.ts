import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Values } from '../../contracts/catalog.ts';
import { silentLog } from '../../testing/silent-log.ts';
import { startTestRedis, type TestRedis } from '../../testing/test-redis.ts';
import { connectBus } from '../redis-bus.ts';
import { probeRedis } from '../redis-probe.ts';
import type { RedisAddress } from './connection.ts';

const mark = { project: 'helios', version: 1 } as const;
let folder: string;
let redis: TestRedis;
let tlsPort: number;
let ca: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'helios-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...subject],
    { stdio: 'pipe' },
  );
  ca = readFileSync(cert, 'utf8');
  // The plain port + 1 is not asked for: a fixed offset keeps this to one free port in the usual case.
  redis = await startTestRedis();
  tlsPort = redis.port + 1;
  await redis.restart([
    ...['--tls-port', String(tlsPort), '--tls-cert-file', cert, '--tls-key-file', key],
    ...['--tls-ca-cert-file', cert, '--tls-auth-clients', 'no'],
  ]);
  await redis.call('ACL', 'SETUSER', 'bob', 'on', '>hunter2', '~*', '&*', '+@all');
  await redis.call('ACL', 'SETUSER', 'reader', 'on', '>hunter2', '~*', '&*', '+@all', '-set');
});

afterAll(async () => {
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function writeAndRead(address: Partial<RedisAddress>) {
  const place = { host: '127.0.0.1', port: redis.port, db: 0, ...address };
  const bus = await connectBus('fleet', { ...place, log: silentLog, connectTimeoutMs: 5_000 });
  try {
    await bus.write((batch) => batch.set(Values.schemaVersion, mark));
    return await bus.get(Values.schemaVersion);
  } finally {
    await bus.close();
  }
}

test('a named user with a password writes and reads', async () => {
  expect(await writeAndRead({ username: 'bob', password: 'hunter2' })).toEqual(mark);
});

test('a wrong password of a named user is refused at once, with both settings named', async () => {
  await expect(writeAndRead({ username: 'bob', password: 'wrong' })).rejects.toMatchObject({
    code: 'REDIS_AUTH',
    message: expect.stringMatching(/REDIS_PASSWORD.*REDIS_USERNAME/s),
  });
});

test('a user who may not write is no damaged key', async () => {
  await expect(writeAndRead({ username: 'reader', password: 'hunter2' })).rejects.toMatchObject({
    name: 'BusUnavailable',
    code: 'REDIS_PERMISSION',
  });
});

test('an encrypted connection whose certificate is trusted writes and reads, by address and by name', async () => {
  expect(await writeAndRead({ port: tlsPort, tls: { ca } })).toEqual(mark);
  expect(await writeAndRead({ host: 'localhost', port: tlsPort, tls: { ca } })).toEqual(mark);
  expect(await probeRedis('127.0.0.1', tlsPort, 2_000, { ca })).toEqual({ kind: 'READY' });
});

test('a certificate that nobody trusts is refused, and the setting for it named', async () => {
  await expect(writeAndRead({ port: tlsPort, tls: {} })).rejects.toMatchObject({
    code: 'REDIS_TLS',
    message: expect.stringContaining('REDIS_TLS_CA'),
  });
  expect(await probeRedis('127.0.0.1', tlsPort, 2_000, {})).toMatchObject({ kind: 'UNREACHABLE' });
});
