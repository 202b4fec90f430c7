import type { Server, Socket } from 'node:net';

/** Connections of visitors, over which nobody has shown an open session, that may stand at the same time. */
export const MAX_VISITORS = 200;

/**
 * Bounds the connections of visitors. Where there are too many, the oldest that has no whole request to answer is closed, so
 * that half-sent requests and idle connections keep nobody out.
 */
export interface VisitorLimit {
  /** Somebody with an open session uses this connection: it is no visitor's any more. */
  welcome(socket: Socket): void;
  /** A whole request has arrived over this connection, and is being answered. */
  answering(socket: Socket): void;
  answered(socket: Socket): void;
}

/** @param onClosed is called for each connection that is closed for want of room */
export function limitVisitors(server: Server, onClosed: () => void): VisitorLimit {
  /** In the order of their arrival. */
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
