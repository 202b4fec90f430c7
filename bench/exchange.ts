import { type ChildProcess, fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { percentile } from './percentile.ts';
import type { Row } from './report.ts';

const IN_FLIGHT = 8;
const WARM_ORDERS = 5_000;
const ORDERS = 100_000;
const FLOOR_ORDERS = 20_000;
const PACED_ORDERS = 4_000;
const PACE_MS = 5;
const ORDER = '/fapi/v1/order';
const MEGABYTE = 1_048_576;

interface Usage {
  readonly cpuMs: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
}

interface Measured {
  readonly ordersPerCore: number;
  readonly ordersPerSecond: number;
  readonly acks: readonly number[];
  readonly half: Usage;
  readonly end: Usage;
}

/** The local exchange with an open user stream, beside a bare server: orders per second and core, acknowledgements, and memory. */
export async function benchExchange(): Promise<Row[]> {
  const floor = await measured('../packages/exchange-simulator/test/bare-server.ts', FLOOR_ORDERS);
  const { ordersPerCore, ordersPerSecond, acks, half, end } = await measured('exchange-process.ts', ORDERS);
  const ack = (share: number) => ({
    value: percentile([...acks], share),
    floor: percentile([...floor.acks], share),
    unit: 'ms',
  });
  const memory = (of: keyof Usage) => ({ value: end[of] / MEGABYTE, floor: half[of] / MEGABYTE, unit: 'MB' });
  return [
    {
      what: 'exchange: orders per core (floor: bare server)',
      ...{ value: ordersPerCore, floor: floor.ordersPerCore, unit: '/s', aim: '≥ 2,000 /s' },
    },
    { what: 'exchange: orders, one client', value: ordersPerSecond, floor: floor.ordersPerSecond, unit: '/s' },
    { what: 'exchange: ack p50 at 200 orders/s', ...ack(0.5) },
    { what: 'exchange: ack p99 at 200 orders/s', ...ack(0.99), aim: '≤ 5 ms' },
    { what: `exchange: heap after ${ORDERS} orders (floor: half)`, ...memory('heapBytes'), aim: 'flat' },
    { what: `exchange: RSS after ${ORDERS} orders (floor: half)`, ...memory('rssBytes'), aim: 'flat' },
  ];
}

/** Sends orders to the server of a file, in a process of its own. */
async function measured(file: string, orders: number): Promise<Measured> {
  const child = fork(join(import.meta.dirname, file), { execArgv: ['--expose-gc'], stdio: 'inherit' });
  try {
    const [{ url, streamUrl }] = await once(child, 'message');
    const client = new OrderClient(url);
    const events = await openUserStream(client, streamUrl);
    await client.many(WARM_ORDERS);
    const acks = await client.paced(PACED_ORDERS);
    const start = await usageOf(child);
    const startedAt = performance.now();
    await client.many(orders / 2);
    const half = await usageOf(child);
    await client.many(orders / 2);
    const end = await usageOf(child);
    const wallSec = (performance.now() - startedAt) / 1_000;
    client.stop();
    if (events() < orders) throw new Error(`The user stream brought ${events()} events only.`);
    const ordersPerCore = (orders * 1_000) / (end.cpuMs - start.cpuMs);
    return { ordersPerCore, ordersPerSecond: orders / wallSec, acks, half, end };
  } finally {
    child.kill('SIGKILL');
  }
}

async function usageOf(child: ChildProcess): Promise<Usage> {
  child.send('usage');
  const [usage] = await once(child, 'message');
  return usage;
}

/** Opens the user stream; returns the number of events so far. */
async function openUserStream(client: OrderClient, streamUrl: string): Promise<() => number> {
  const { listenKey } = JSON.parse(await client.send('POST', '/fapi/v1/listenKey', ''));
  const socket = new WebSocket(`${streamUrl}/private/ws?listenKey=${listenKey}`);
  let events = 0;
  socket.addEventListener('message', () => {
    events += 1;
  });
  await once(socket, 'open');
  return () => events;
}

/** Sends orders: MARKET both ways, and LIMIT orders far from the market, which it cancels. */
class OrderClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  readonly #url: URL;
  #count = 0;
  #farPrice = '';

  constructor(url: string) {
    this.#url = new URL(url);
  }

  /** Sends orders as fast as the venue answers. */
  async many(orders: number): Promise<void> {
    await this.#readPrice();
    const last = this.#count + orders;
    const worker = async (): Promise<void> => {
      while (this.#count < last) await this.#next();
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  }

  /** Sends orders at a fixed pace; returns the times to their acknowledgements, ms. */
  async paced(orders: number): Promise<readonly number[]> {
    await this.#readPrice();
    const times: number[] = [];
    const running: Promise<void>[] = [];
    const startedAt = performance.now();
    for (let number = 0; number < orders; number += 1) {
      const waitMs = startedAt + number * PACE_MS - performance.now();
      if (waitMs > 0) await pause(waitMs);
      running.push(this.#next().then((ackMs) => void times.push(ackMs)));
    }
    await Promise.all(running);
    return times;
  }

  async #readPrice(): Promise<void> {
    const { price } = JSON.parse(await this.send('GET', '/fapi/v1/ticker/price', 'symbol=BTCUSDT'));
    this.#farPrice = (Number(price) * 0.97).toFixed(1);
  }

  /** Sends the next order; resolves with the time to its acknowledgement, ms. */
  async #next(): Promise<number> {
    this.#count += 1;
    const number = this.#count;
    const side = number % 3 === 0 ? 'BUY' : 'SELL';
    const isLimit = number % 3 === 2;
    const how = isLimit ? `type=LIMIT&timeInForce=GTX&price=${this.#farPrice}` : `type=MARKET`;
    const sentAt = performance.now();
    const answer = await this.send('POST', ORDER, signed(`side=${isLimit ? 'BUY' : side}&quantity=0.002&${how}`));
    const ackMs = performance.now() - sentAt;
    const [, orderId] = /"orderId":(\d+)/.exec(answer) ?? [];
    if (isLimit) await this.send('DELETE', ORDER, signed(`orderId=${orderId}`));
    return ackMs;
  }

  /** Sends one request and returns its body. */
  send(method: string, path: string, query: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.#url;
      const options = {
        hostname,
        port,
        method,
        agent: this.#agent,
        path: `${path}?${query}`,
        headers: { 'X-MBX-APIKEY': 'K' },
      };
      const asked = request(options, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
      });
      asked.on('error', reject);
      asked.end();
    });
  }

  stop(): void {
    this.#agent.destroy();
  }
}

function signed(parameters: string): string {
  const text = `symbol=BTCUSDT&${parameters}&timestamp=${Date.now()}`;
  return `${text}&signature=${createHmac('sha256', 'S').update(text).digest('hex')}`;
}
