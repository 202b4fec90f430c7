import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** One connection, seen from the venue. */
export interface Guest {
  readonly socket: WebSocket;
  readonly path: string;
  /** Present subscriptions. */
  readonly streams: Set<string>;
  /** Every message and ping with its arrival time, ms. */
  readonly arrivals: { readonly ms: number; readonly kind: string; readonly names: number }[];
  isGone: boolean;
}

/** Behaviour of the venue; a test may change it at any time. */
export interface Manners {
  /** Answer to an upgrade instead of a WebSocket. */
  refuse?: { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string } | undefined;
  /** Accepts the TCP connection, but never answers the upgrade. */
  ignoreUpgrades?: boolean;
  answersPings: boolean;
  acknowledges: boolean;
  /** Subscribes and acknowledges, but delivers nothing. */
  isMute: boolean;
  /** Sends each new stream's first frame before the acknowledgement. */
  deliversEarly?: boolean;
  /** Refuses a request with one of these names. */
  badNames: ReadonlySet<string>;
}

/** A minimal venue: real sockets, two routes, SUBSCRIBE and UNSUBSCRIBE. */
export interface TinyVenue {
  readonly url: string;
  readonly manners: Manners;
  readonly guests: Guest[];
  /** Number of requested upgrades, including refused ones. */
  attempts: number;
  /** Connected guests. */
  present(): Guest[];
  /** Sends one frame of `stream` to its subscribers. */
  deliver(stream: string, body?: object): void;
  /** Sends one frame of every subscribed stream. */
  deliverAll(): void;
  /** Number of open TCP connections. */
  openSockets(): number;
  close(): Promise<void>;
}

const frameOf = (stream: string, body: object): string => JSON.stringify({ stream, data: body });

export async function startTinyVenue(port = 0): Promise<TinyVenue> {
  const manners: Manners = { answersPings: true, acknowledges: true, isMute: false, badNames: new Set() };
  const guests: Guest[] = [];
  const sockets = new Set<Socket>();
  const http = createServer();
  const webSockets = new WebSocketServer({ noServer: true, autoPong: false });

  function deliver(stream: string, body: object = { e: 'x' }): void {
    if (manners.isMute) return;
    for (const { streams, socket, isGone } of guests) {
      if (streams.has(stream) && !isGone) socket.send(frameOf(stream, body));
    }
  }

  function onRequest(guest: Guest, text: string): void {
    const { method, params, id } = JSON.parse(text) as { method: string; params: string[]; id: number };
    guest.arrivals.push({ ms: performance.now(), kind: method, names: params.length });
    const isBad = params.some((name) => manners.badNames.has(name));
    for (const name of isBad ? [] : params) {
      if (method === 'SUBSCRIBE') guest.streams.add(name);
      else guest.streams.delete(name);
      if (method === 'SUBSCRIBE' && manners.deliversEarly) guest.socket.send(frameOf(name, { e: 'early' }));
    }
    if (!manners.acknowledges) return;
    const answer = isBad ? { error: { code: 2, msg: 'Invalid request' }, id } : { result: null, id };
    guest.socket.send(JSON.stringify(answer));
  }

  function welcome(socket: WebSocket, request: IncomingMessage): void {
    const guest: Guest = { socket, path: request.url ?? '', streams: new Set(), arrivals: [], isGone: false };
    guests.push(guest);
    socket.on('message', (data) => onRequest(guest, String(data)));
    socket.on('ping', (data) => {
      guest.arrivals.push({ ms: performance.now(), kind: 'ping', names: 0 });
      if (manners.answersPings) socket.pong(data);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      guest.isGone = true;
    });
  }

  const venue: TinyVenue = {
    url: '',
    manners,
    guests,
    attempts: 0,
    present: () => guests.filter(({ isGone }) => !isGone),
    deliver,
    deliverAll: () => {
      const all = new Set(guests.flatMap(({ streams, isGone }) => (isGone ? [] : [...streams])));
      for (const stream of all) deliver(stream);
    },
    openSockets: () => sockets.size,
    close: () => {
      for (const socket of sockets) socket.destroy();
      webSockets.close();
      return new Promise((resolve) => http.close(() => resolve()));
    },
  };
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  http.on('upgrade', (request, socket, head) => {
    venue.attempts += 1;
    if (manners.ignoreUpgrades) {
      socket.on('end', () => socket.destroy()).resume();
      return;
    }
    if (manners.refuse === undefined) {
      webSockets.handleUpgrade(request, socket, head, (webSocket) => welcome(webSocket, request));
      return;
    }
    const { status, headers = {}, body = '' } = manners.refuse;
    const lines = Object.entries({ ...headers, 'content-length': String(body.length) }).map(
      ([k, v]) => `${k}: ${v}\r\n`,
    );
    socket.end(`HTTP/1.1 ${status} No\r\n${lines.join('')}\r\n${body}`);
  });
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', () => resolve()));
  return Object.assign(venue, { url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}` });
}
