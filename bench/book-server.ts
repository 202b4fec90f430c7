import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bidHeavySnapshot } from './bid-heavy-book.ts';

/**
 * The venue of both poll chains, in its own process: it serves a new book for each request and does nothing else. Sends
 * its address to the parent.
 */
let id = 1_000;
const server = createServer((_request, response) => {
  id += 1;
  response.setHeader('Content-Type', 'application/json').end(bidHeavySnapshot(id, Date.now(), 20));
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.on('disconnect', () => process.exit(0));
