import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * These ports are below those that the system uses for outgoing connections and `listen(0)`: from 32768 on Linux, from
 * 49152 on macOS. They are above the ports of Redis, the dashboard and other well-known programs.
 */
export const FIRST_TEST_PORT = 14_000;
export const LAST_TEST_PORT = 31_999;
const MAX_ATTEMPTS = 200;

/**
 * A free TCP port that no other test process gets while this one lives. A UDP socket with the same number reserves it.
 * The reservation ends with this process, and does not disturb a TCP server.
 * @param random picks the next port to try, 0 ≤ x < 1
 */
export async function freePort(random: () => number = Math.random): Promise<number> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const port = FIRST_TEST_PORT + Math.floor(random() * (LAST_TEST_PORT + 1 - FIRST_TEST_PORT));
    if ((await reserve(port)) && (await hasNoListener(port))) return port;
  }
  throw new Error(
    `No free port was found between ${FIRST_TEST_PORT} and ${LAST_TEST_PORT} in ${MAX_ATTEMPTS} attempts. ` +
      'End programs that listen there: `ss -lntup` lists them.',
  );
}

/** Resolves to false if a process, this one included, has reserved it already. */
function reserve(port: number): Promise<boolean> {
  const reservation = createSocket('udp4');
  return new Promise((resolve) => {
    reservation.once('error', () => {
      reservation.close();
      resolve(false);
    });
    reservation.bind(port, '127.0.0.1', () => {
      reservation.unref();
      resolve(true);
    });
  });
}

function hasNoListener(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
