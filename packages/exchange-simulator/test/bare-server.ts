import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

/** Sizes of an order's answer and of the user events of a fill. */
const ANSWER = JSON.stringify({ orderId: 1, listenKey: 'key', price: '60000.00', filler: 'x'.repeat(420) });
const EVENTS = 'x'.repeat(2_000);

/** A server without an exchange: the floor of `npm run bench -- exchange`, with the same requests, answers and events. */
const sockets = new Set<WebSocket>();
const server = createServer((request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': ANSWER.length });
  response.end(ANSWER);
  if (request.method === 'POST') for (const socket of sockets) socket.send(EVENTS);
});
new WebSocketServer({ server }).on('connection', (socket) => sockets.add(socket));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  process.send?.({ url: `http://127.0.0.1:${port}`, streamUrl: `ws://127.0.0.1:${port}` });
});
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({ cpuMs: (user + system) / 1_000, heapBytes: heapUsed, rssBytes: rss });
});
process.on('disconnect', () => process.exit(0));
