import { chmodSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { until } from '../rehearse/rehearsal-fleet.ts';
import { takePort } from '../rehearse/take-port.ts';
import type { LinkName } from './chaos-step.ts';
import { TcpProxy } from './tcp-proxy.ts';

const REDIS_WITHIN_MS = 60_000;
const HOST = '127.0.0.1';

/** The proxies between a fleet, its venue and its Redis. */
export interface ChaosLinks {
  /** Addresses of the venue for the fleet. */
  readonly venue: { readonly url: string; readonly streamUrl: string };
  /** Port of Redis for the fleet. */
  readonly redisPort: number;
  readonly proxies: Readonly<Record<LinkName, TcpProxy>>;
  /** Writes a program in `folder` that starts `server` on the port behind the proxy; returns its path. */
  redisServer(folder: string, server: string): string;
  /** Opens the proxy of Redis as soon as Redis listens: until then nothing may answer there, or the supervisor starts none. */
  joinRedis(isGivenUp: () => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Opens the proxies to a venue at `venueUrl`, and prepares that to Redis. */
export async function openLinks(venueUrl: string): Promise<ChaosLinks> {
  const venue = { host: HOST, port: Number(new URL(venueUrl).port) };
  const [redisPort, truePort] = [await takePort(), await takePort()];
  const proxies = {
    REST: new TcpProxy(venue),
    streams: new TcpProxy(venue),
    redis: new TcpProxy({ host: HOST, port: truePort }),
  };
  const [rest, streams] = [await proxies.REST.listen(), await proxies.streams.listen()];
  return {
    venue: { url: `http://${HOST}:${rest}`, streamUrl: `ws://${HOST}:${streams}` },
    redisPort,
    proxies,
    redisServer(folder, server) {
      const script = join(folder, 'redis-server.sh');
      // The later port counts. With exec the server has the process that the supervisor started.
      writeFileSync(script, `#!/bin/sh\nexec '${server.replaceAll("'", "'\\''")}' "$@" --port ${truePort}\n`);
      chmodSync(script, 0o700);
      return script;
    },
    async joinRedis(isGivenUp) {
      if (await until(() => listens(truePort), REDIS_WITHIN_MS, isGivenUp)) await proxies.redis.listen(redisPort);
    },
    async close() {
      await Promise.all([proxies.REST.close(), proxies.streams.close(), proxies.redis.close()]);
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
