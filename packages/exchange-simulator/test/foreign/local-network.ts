import { Socket } from 'node:net';
import { afterAll, beforeAll, expect } from 'vitest';

type Connect = typeof Socket.prototype.connect;

/** Refuses every connection of this process that would leave the machine, and fails the file if a client tries one. */
export function useLocalNetworkOnly(): void {
  const original = Socket.prototype.connect;
  const foreign = new Set<string>();
  beforeAll(() => {
    Socket.prototype.connect = function connect(this: Socket, ...args: unknown[]): Socket {
      const host = hostOf(args);
      if (host !== undefined && host !== '127.0.0.1') {
        foreign.add(host);
        throw new Error(`A connection to ${host}: the tests of foreign clients stay on 127.0.0.1.`);
      }
      return Reflect.apply(original, this, args) as Socket;
    } as Connect;
  });
  afterAll(() => {
    Socket.prototype.connect = original;
    expect([...foreign], 'hosts outside the machine').toEqual([]);
  });
}

/** The host of the many forms of `connect`; undefined for a local pipe. Node normalises its own calls into an array of options. */
function hostOf([first, second]: unknown[]): string | undefined {
  const options: unknown = Array.isArray(first) ? first[0] : first;
  if (typeof options === 'number') return typeof second === 'string' ? second : 'localhost';
  if (typeof options !== 'object' || options === null) return undefined;
  const { path, host } = options as { readonly path?: string; readonly host?: string };
  return typeof path === 'string' && host === undefined ? undefined : (host ?? 'localhost');
}
