import type { Server, Socket } from 'node:net';

/** Maximum number of open connections without a login. */
export const MAX_VISITORS = 200;

/**
 * Limits the connections without a login (visitors). If there are too many, it closes the oldest one that has no
 * complete request. So half-sent requests and idle connections block nobody.
 */
export interface VisitorLimit {
  /** The connection has an open session, so it is no visitor. */
  welcome(socket: Socket): void;
  /** A complete request has arrived on this connection and is being answered. */
  answering(socket: Socket): void;
  answered(socket: Socket): void;
}

/** @param onClosed is called for each connection that the limit closes */
export function limitVisitors(server: Server, onClosed: () => void): VisitorLimit {
  /** In order of arrival. */
  const visitors = new Set<Socket>();
  const busy = new Set<Socket>();

  server.on('connection', (socket: Socket) => {
    visitors.add(socket);
    socket.once('close', () => {
      visitors.delete(socket);
      busy.delete(socket);
    });
    if (visitors.size > MAX_VISITORS) closeOne(socket);
  });

  function closeOne(newest: Socket): void {
    const oldestIdle = [...visitors].find((socket) => !busy.has(socket)) ?? newest;
    visitors.delete(oldestIdle);
    oldestIdle.destroy();
    onClosed();
  }

  return {
    welcome: (socket) => void visitors.delete(socket),
    answering: (socket) => void busy.add(socket),
    answered: (socket) => void busy.delete(socket),
  };
}
