import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bidHeavySnapshot } from './bid-heavy-book.ts';

/** Whom both chains of a poll ask, as a process of its own: a book that is new each time, and no work besides. Tells its address. */
let id = 1_000;
const server = createServer((_request, response) => {
  id += 1;
  response.setHeader('Content-Type', 'application/json').end(bidHeavySnapshot(id, Date.now(), 20));
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.on('disconnect', () => process.exit(0));
