import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FIRST_TEST_PORT, freePort, LAST_TEST_PORT } from './free-port.ts';

const EPHEMERAL_RANGE = '/proc/sys/net/ipv4/ip_local_port_range';
const MODULE = join(import.meta.dirname, 'free-port.ts');

/** The random number that picks this port. */
const shareOf = (port: number) => (port - FIRST_TEST_PORT + 0.5) / (LAST_TEST_PORT + 1 - FIRST_TEST_PORT);

/** A server on a port of the range that no test process has reserved. */
async function unreservedServer(): Promise<{ server: Server; port: number }> {
  const port = FIRST_TEST_PORT + Math.floor(Math.random() * (LAST_TEST_PORT - FIRST_TEST_PORT));
  const server = createServer().listen(port, '127.0.0.1');
  const listens = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  return listens ? { server, port } : unreservedServer();
}

describe('a free port', () => {
  it('belongs to one test process only, while that process lives', async () => {
    const ours = await freePort();
    const script = `
      import { freePort } from ${JSON.stringify(MODULE)};
      const picks = [${shareOf(ours)}, ${shareOf(ours)}];
      let asked = 0;
      const port = await freePort(() => (asked++, picks.shift() ?? Math.random()));
      console.log(JSON.stringify({ port, asked }));`;
    const args = ['--input-type=module-typescript', '-e', script];
    const { port, asked } = JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
    expect(port).not.toBe(ours);
    expect(asked).toBeGreaterThan(2);
  });

  it('has no listener', async () => {
    const { server, port } = await unreservedServer();
    onTestFinished(() => void server.close());
    const picks = [shareOf(port)];
    expect(await freePort(() => picks.shift() ?? Math.random())).not.toBe(port);
    expect(picks).toEqual([]);
  });

  it.skipIf(!existsSync(EPHEMERAL_RANGE))('is not in the system’s range for outgoing connections', () => {
    const [first = 0, last = 0] = readFileSync(EPHEMERAL_RANGE, 'utf8').trim().split(/\s+/).map(Number);
    expect(LAST_TEST_PORT < first || FIRST_TEST_PORT > last).toBe(true);
  });

  it('is refused with advice if all are taken', async () => {
    const taken = shareOf(await freePort());
    await expect(freePort(() => taken)).rejects.toThrow(/No free port was found.*ss -lntup/);
  });
});
