import { fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import { Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { AssessedEntry } from '@helios/shared/domain/order.ts';
import { aSignal } from '@helios/shared/testing/builders.ts';
import { BENCH_KEY, type LiveServices, openLiveServices } from './live-services.ts';
import { percentile } from './percentile.ts';
import type { Row } from './report.ts';

const POSITIONS = 20;
const ORDERS = 200;
const ROUNDS = 6;
const WATCHED = 50;
const WITHIN_MS = 60_000;
const WEIGHT_WATCH_MS = 60_000;

/** What the venue counted. */
interface Requests {
  readonly max_minute_weight: number;
}

interface Venue {
  readonly url: string;
  readonly streamUrl: string;
  readonly controlUrl: string;
}

/** execution-manager on a local exchange: fill → resting stop, reconciliation, flatten, request weight. */
export async function benchLive(): Promise<Row[]> {
  const symbols = Array.from({ length: WATCHED }, (_, i) => `B${i}USDT`);
  const child = fork(join(import.meta.dirname, 'live-venue-process.ts'), symbols, { stdio: 'inherit' });
  try {
    const [venue] = (await once(child, 'message')) as [Venue];
    const services = await openLiveServices(symbols, venue.url);
    try {
      return await measured(services, venue, symbols);
    } finally {
      await services.close();
    }
  } finally {
    child.kill('SIGKILL');
  }
}

async function measured(services: LiveServices, venue: Venue, symbols: readonly string[]): Promise<Row[]> {
  // Hundreds of trades in a minute need more of the weight than the usual share.
  services.spawn('execution-manager', { BINANCE_STREAM_URL: venue.streamUrl, POLLING_WEIGHT_SHARE: '0.02' });
  await services.setState('ACTIVE');
  await services.untilReady();
  const held = symbols.slice(0, POSITIONS);
  const flattened: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await services.setState('ACTIVE');
    await services.untilReady();
    for (const symbol of held) await enter(services, symbol, round);
    await until('all positions are covered', async () => (await openOf(venue)).stops >= POSITIONS);
    if (round === ROUNDS - 1) break;
    flattened.push(await flatten(services, venue));
  }
  const reconciled = await timesToReconcile(services, venue, symbols);
  const { max_minute_weight } = (await (await fetch(`${venue.controlUrl}/control/requests`)).json()) as Requests;
  const weights = await weightUsed(services);
  flattened.push(await flatten(services, venue));
  const toStop = fillToStop(await ledgerOf(venue));
  return [
    row('live: fill → resting stop, p50', percentile(toStop, 0.5)),
    row('live: fill → resting stop, p99', percentile([...toStop], 0.99), '≤ 250 ms'),
    row(
      `live: cut stream → reconciled, ${POSITIONS} positions, ${ORDERS} orders`,
      percentile(reconciled, 0.5),
      '≤ 2,000 ms',
    ),
    row(`live: flatten of ${POSITIONS} positions, worst of ${flattened.length}`, Math.max(...flattened), '≤ 5,000 ms'),
    {
      what: `live: request weight a minute, ${WATCHED} symbols`,
      value: weights.used,
      floor: weights.limit,
      unit: '',
      aim: 'below the limit',
    },
    {
      what: 'live: the same while the stream was cut 5 times',
      value: max_minute_weight,
      floor: weights.limit,
      unit: '',
      aim: 'below the limit',
    },
  ];
}

function row(what: string, value: number, aim?: string): Row {
  return { what, value, unit: 'ms', ...(aim !== undefined && { aim }) };
}

async function enter({ risk, mode }: LiveServices, symbol: string, round: number): Promise<void> {
  const now = Date.now();
  const signal = aSignal({
    ...{ run: mode.run, signal_id: `bench-${symbol}-${round}-${now}`, symbol, timestamp: now, ts_init: now },
    ...{ entry_price: 100, stop_loss: 90 },
  });
  const entry: AssessedEntry = {
    intent: {
      ...{ run: mode.run, signal_id: signal.signal_id, symbol, side: 'LONG', purpose: 'ENTRY', action: 'BUY' },
      ...{ order_type: 'MARKET', quantity: 1, reduce_only: false, leverage: 5, stop_loss: 90 },
    },
    ...{ signal, rules: [], ts_init: now },
  };
  await risk.write((batch) => batch.append(Streams.orderIntents, entry));
}

/** Milliseconds until the venue shows no position. */
async function flatten(services: LiveServices, venue: Venue): Promise<number> {
  const startedMs = performance.now();
  await services.setState('REDUCING', true);
  await until('everything is closed', async () => (await openOf(venue)).positions === 0);
  const tookMs = performance.now() - startedMs;
  await until('the stops are gone', async () => (await openOf(venue)).stops === 0);
  return tookMs;
}

/** Times from a cut user stream to a complete comparison with the venue, with resting orders of another hand on the account. */
async function timesToReconcile(services: LiveServices, venue: Venue, symbols: readonly string[]): Promise<number[]> {
  // The venue takes 300 orders in ten seconds and 1,200 in a minute.
  await pause(11_000);
  for (let i = 0; i < ORDERS; i += 1) {
    await restByHand(venue, symbols[i % symbols.length] ?? '', i);
    await pause(60);
  }
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const cutTs = Date.now();
    const cut = { fault: 'stream-cut', route: 'private', code: 1001 };
    await fetch(`${venue.controlUrl}/control/faults`, { method: 'POST', body: JSON.stringify(cut) });
    await until('the account is compared', async () => {
      const status = await services.page.getRecord(Records.liveStatus);
      const { reconciled_ts = 0, user_stream } = status ?? {};
      if (reconciled_ts <= cutTs + 50 || user_stream?.is_open !== true) return false;
      times.push(reconciled_ts - cutTs);
      return true;
    });
    await fetch(`${venue.controlUrl}/control/faults`, { method: 'DELETE' });
    await pause(3_000);
  }
  return times;
}

async function restByHand({ url }: Venue, symbol: string, number: number): Promise<void> {
  const query = `symbol=${symbol}&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=97&newClientOrderId=hand-${number}&timestamp=${Date.now()}`;
  const signature = createHmac('sha256', BENCH_KEY.apiSecret).update(query).digest('hex');
  const headers = { 'X-MBX-APIKEY': BENCH_KEY.apiKey };
  const answer = await fetch(`${url}/fapi/v1/order?${query}&signature=${signature}`, { method: 'POST', headers });
  if (!answer.ok) throw new Error(`an order by hand: ${await answer.text()}`);
}

/** Highest used weight of a whole minute of holding positions. The venue counts by minutes of the clock, so it begins with one. */
async function weightUsed({ page }: LiveServices): Promise<{ readonly used: number; readonly limit: number }> {
  let most = { used: 0, limit: 0 };
  // The status of the minute before may still be shown for a moment.
  await pause(WEIGHT_WATCH_MS - (Date.now() % WEIGHT_WATCH_MS) + 5_000);
  for (const endMs = Date.now() + WEIGHT_WATCH_MS; Date.now() < endMs; await pause(1_000)) {
    const weight = (await page.getRecord(Records.liveStatus))?.weight;
    if (weight !== undefined && weight.used > most.used) most = weight;
  }
  return most;
}

/** From the fill that opened a position to the stop that covers it, by the venue's own clock. */
function fillToStop(ledger: readonly LedgerEvent[]): number[] {
  const openedTs = new Map<string, number>();
  const times: number[] = [];
  for (const event of ledger) {
    if (event.kind === 'BALANCE') {
      for (const { symbol, quantity } of event.positions)
        if (Number(quantity) === 0) openedTs.delete(symbol);
        else if (!openedTs.has(symbol)) openedTs.set(symbol, event.ts);
    }
    if (event.kind !== 'ALGO' || event.order.status !== 'NEW') continue;
    const since = openedTs.get(event.order.symbol);
    if (since === undefined || since === Number.NEGATIVE_INFINITY) continue;
    times.push(event.ts - since);
    openedTs.set(event.order.symbol, Number.NEGATIVE_INFINITY);
  }
  return times;
}

async function openOf({ controlUrl }: Venue): Promise<{ readonly positions: number; readonly stops: number }> {
  const { accounts } = (await (await fetch(`${controlUrl}/control/accounts`)).json()) as {
    accounts: [{ positions: unknown[]; open_algo_orders: unknown[] }];
  };
  return { positions: accounts[0].positions.length, stops: accounts[0].open_algo_orders.length };
}

async function ledgerOf({ controlUrl }: Venue): Promise<readonly LedgerEvent[]> {
  return ((await (await fetch(`${controlUrl}/control/ledger`)).json()) as { entries: LedgerEvent[] }).entries;
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + WITHIN_MS; !(await isSo()); await pause(20))
    if (Date.now() > deadline) throw new Error(`not within ${WITHIN_MS} ms: ${what}`);
}
