import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { RedisTls } from './redis/connection.ts';

/** What answers on a host and port. */
export type RedisProbe =
  | { readonly kind: 'READY' }
  /** A Redis that needs a password; the probe sends none. */
  | { readonly kind: 'PASSWORD_NEEDED' }
  | { readonly kind: 'LOADING' }
  /** Nothing listens there. */
  | { readonly kind: 'NOTHING' }
  | { readonly kind: 'UNREACHABLE'; readonly problem: string }
  /** Something listens, but it is not a Redis; `said` is the start of its answer. */
  | { readonly kind: 'NOT_REDIS'; readonly said: string };

/** Sends `PING` over a plain connection (encrypted with `tls`), because any program may answer. Never rejects. */
export function probeRedis(host: string, port: number, timeoutMs = 2_000, tls?: RedisTls): Promise<RedisProbe> {
  return new Promise((resolve) => {
    const named = isIP(host) === 0 ? { servername: host } : {};
    const socket = tls ? connectTls({ host, port, ...named, ...(tls.ca && { ca: tls.ca }) }) : connect({ host, port });
    let answer = '';
    let connected = false;
    const settle = (probe: RedisProbe) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(probe);
    };
    const timer = setTimeout(() => {
      settle(connected ? { kind: 'NOT_REDIS', said: answer } : { kind: 'UNREACHABLE', problem: 'no answer in time' });
    }, timeoutMs);
    socket.on(tls ? 'secureConnect' : 'connect', () => {
      connected = true;
      socket.write('PING\r\n');
    });
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1').slice(0, 200);
      if (answer.includes('\n')) settle(judge(answer));
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') settle({ kind: 'NOTHING' });
      else if (connected) settle({ kind: 'NOT_REDIS', said: answer });
      else settle({ kind: 'UNREACHABLE', problem: error.code ?? error.message });
    });
    socket.on('close', () => settle(judge(answer)));
  });
}

function judge(answer: string): RedisProbe {
  if (answer.startsWith('+PONG')) return { kind: 'READY' };
  if (/^-(NOAUTH|DENIED|NOPERM)/.test(answer)) return { kind: 'PASSWORD_NEEDED' };
  if (/^-(LOADING|MASTERDOWN|BUSY)/.test(answer)) return { kind: 'LOADING' };
  // These refusals also come from a Redis. The client gets the same one later, and reports it.
  if (/^-(MISCONF|ERR max)/.test(answer)) return { kind: 'READY' };
  return { kind: 'NOT_REDIS', said: answer };
}
