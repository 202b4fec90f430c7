import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Values } from '../../contracts/catalog.ts';
import { freePort } from '../../testing/free-port.ts';
import { missing } from '../../testing/missing.ts';
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

const noOpenssl = missing(
  spawnSync('openssl', ['version']).status === 0,
  'openssl makes the certificate of the TLS tests: apt-get install openssl.',
);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'helios-tls-'));
  tlsPort = await freePort();
  redis = await startTestRedis({ arguments: noOpenssl ? [] : tlsArguments() });
  await redis.call('ACL', 'SETUSER', 'bob', 'on', '>hunter2', '~*', '&*', '+@all');
  await redis.call('ACL', 'SETUSER', 'reader', 'on', '>hunter2', '~*', '&*', '+@all', '-set');
});

/** A second port that speaks TLS, with a certificate of its own authority. */
function tlsArguments(): string[] {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert];
  execFileSync('openssl', [...made, ...subject], { stdio: 'pipe' });
  ca = readFileSync(cert, 'utf8');
  return [
    ...['--tls-port', String(tlsPort), '--tls-cert-file', cert, '--tls-key-file', key],
    ...['--tls-ca-cert-file', cert, '--tls-auth-clients', 'no'],
  ];
}

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

test('a named user with a password writes and reads where the default user may not', async () => {
  await redis.call('ACL', 'SETUSER', 'default', '-set');
  onTestFinished(() => redis.call('ACL', 'SETUSER', 'default', '+set').then(() => {}));
  expect(await writeAndRead({ username: 'bob', password: 'hunter2' })).toEqual(mark);
});

test('a wrong password of a named user is refused at once, and the message names both settings', async () => {
  await expect(writeAndRead({ username: 'bob', password: 'wrong' })).rejects.toMatchObject({
    code: 'REDIS_AUTH',
    message: expect.stringMatching(/REDIS_PASSWORD.*REDIS_USERNAME/s),
  });
});

test('a missing write permission does not count as a damaged key', async () => {
  await expect(writeAndRead({ username: 'reader', password: 'hunter2' })).rejects.toMatchObject({
    name: 'BusUnavailable',
    code: 'REDIS_PERMISSION',
  });
});

test.skipIf(noOpenssl)(
  'an encrypted connection with a trusted certificate writes and reads, by address and by name',
  async () => {
    expect(await writeAndRead({ port: tlsPort, tls: { ca } })).toEqual(mark);
    expect(await writeAndRead({ host: 'localhost', port: tlsPort, tls: { ca } })).toEqual(mark);
    expect(await probeRedis('127.0.0.1', tlsPort, 2_000, { ca })).toEqual({ kind: 'READY' });
  },
);

test.skipIf(noOpenssl)('an untrusted certificate is refused, and the message names its setting', async () => {
  await expect(writeAndRead({ port: tlsPort, tls: {} })).rejects.toMatchObject({
    code: 'REDIS_TLS',
    message: expect.stringContaining('REDIS_TLS_CA'),
  });
  expect(await probeRedis('127.0.0.1', tlsPort, 2_000, {})).toMatchObject({ kind: 'UNREACHABLE' });
});
