import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moneyOf } from '@helios/core/matching/money.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, onTestFinished, test } from 'vitest';
import { ExchangeProcess } from './exchange-process.ts';
import { type Parameters, SignedClient } from './signed-client.ts';
import { connected } from './stream-client.ts';
import { get } from './venue-client.ts';

const KEY = { apiKey: 'K'.repeat(64), apiSecret: 'S'.repeat(64) };
const IN_FLIGHT = 4;
const ROUNDS = 3;
const ACKS_PER_ROUND = 60;

interface Ack {
  readonly orderId: string;
  readonly status: string;
  readonly executedQty: string;
}

type Addresses = Awaited<ReturnType<ExchangeProcess['addresses']>>;

/** Sends orders until the venue is gone; counts what it acknowledged by client order id. */
async function trade(round: number, client: SignedClient, acks: Map<string, Ack>, sent: Set<string>): Promise<void> {
  for (let number = 0; ; number += 1) {
    const newClientOrderId = `r${round}-${sent.size}`;
    sent.add(newClientOrderId);
    const side = number % 3 === 0 ? 'SELL' : 'BUY';
    const how: Parameters =
      number % 4 === 0
        ? { type: 'LIMIT', timeInForce: 'GTC', price: side === 'BUY' ? '40000.00' : '900000.00', quantity: '0.005' }
        : { type: 'MARKET', quantity: '0.002' };
    const got = await client
      .order({ side, ...how, newClientOrderId, newOrderRespType: 'RESULT' })
      .catch(() => undefined);
    if (got === undefined) return;
    expect(got.status, got.text).toBe(200);
    const [, orderId = ''] = /"orderId":(\d+)/.exec(got.text) ?? [];
    acks.set(newClientOrderId, { ...got.body, orderId });
  }
}

/** The whole true history. */
// biome-ignore lint/suspicious/noExplicitAny: rows of every shape
async function ledgerOf({ controlUrl }: Addresses): Promise<any[]> {
  return (await get({ url: controlUrl }, '/control/ledger')).body.entries;
}

test('kill -9 in a stream of orders loses no acknowledged order or fill, and doubles none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'exchange-state-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const state = join(folder, 'state.jsonl');
  const [acks, sent, heard] = [new Map<string, Ack>(), new Set<string>(), new Set<string>()];
  const start = (): ExchangeProcess => {
    const venue = new ExchangeProcess(
      ...['--port', '0', '--control-port', '0', '--symbols', 'BTCUSDT,ETHUSDT', '--state', state],
      ...['--api-key', KEY.apiKey, '--api-secret', KEY.apiSecret, '--balance', '100000'],
    );
    onTestFinished(() => venue.kill());
    return venue;
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    const venue = start();
    const addresses = await venue.addresses();
    const client = new SignedClient(addresses, KEY);
    const { listenKey } = (await client.call('POST', '/fapi/v1/listenKey')).body;
    const stream = await connected(`${addresses.streamUrl}/private/ws?listenKey=${listenKey}`);
    const aim = acks.size + ACKS_PER_ROUND;
    const trading = Array.from({ length: IN_FLIGHT }, () => trade(round, client, acks, sent));
    await eventually('enough orders', () => acks.size >= aim, 60_000);
    await venue.kill();
    await Promise.all(trading);
    for (const text of stream.texts)
      if (text.includes('"ORDER_TRADE_UPDATE"')) heard.add(`${/"i":(\d+)/.exec(text)?.[1]} ${JSON.parse(text).o.x}`);
  }
  const venue = start();
  const addresses = await venue.addresses();
  expect(venue.output).toContain(`The accounts go on from ${state}`);
  const entries = await ledgerOf(addresses);
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  const orders = entries.filter(({ kind }) => kind === 'ORDER');
  const placed = orders.filter(({ execution }) => execution === 'NEW').map(({ order }) => order);
  const ids = placed.map(({ order_id }) => order_id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(ids.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)));
  expect(new Set(placed.map(({ client_order_id }) => client_order_id)).size).toBe(placed.length);
  for (const { client_order_id } of placed) expect(sent).toContain(client_order_id);
  expect(acks.size).toBeGreaterThanOrEqual(ROUNDS * ACKS_PER_ROUND);
  const last = new Map(orders.map(({ order }) => [order.order_id, order]));
  for (const [clientOrderId, ack] of acks)
    expect(last.get(ack.orderId)).toMatchObject({
      client_order_id: clientOrderId,
      status: ack.status,
      filled: ack.executedQty,
    });
  expect(heard.size).toBeGreaterThan(ACKS_PER_ROUND);
  const known = new Set(orders.map(({ order, execution }) => `${order.order_id} ${execution}`));
  expect([...heard].filter((event) => !known.has(event))).toEqual([]);
  const fills = orders.flatMap(({ order, fill }) => (fill === undefined ? [] : [{ order, fill }]));
  expect(new Set(fills.map(({ fill }) => fill.trade_id)).size).toBe(fills.length);
  const [account] = (await get({ url: addresses.controlUrl }, '/control/accounts')).body.accounts;
  const earned = fills.reduce((sum, { fill }) => sum + moneyOf(fill.realised) - moneyOf(fill.commission), 0n);
  expect(moneyOf(account.wallet)).toBe(moneyOf('100000') + earned);
  const bought = fills.reduce(
    (sum, { order, fill }) => sum + (order.side === 'BUY' ? moneyOf(fill.quantity) : -moneyOf(fill.quantity)),
    0n,
  );
  expect(moneyOf(account.positions[0].quantity)).toBe(bought);
  const resting = [...acks.values()].filter(({ status }) => status === 'NEW').map(({ orderId }) => orderId);
  const open = account.open_orders.map(({ order_id }: { order_id: string }) => order_id);
  expect(open).toEqual(expect.arrayContaining(resting));
  const client = new SignedClient(addresses, KEY);
  const listed = (await client.call('GET', '/fapi/v1/openOrders', { symbol: 'BTCUSDT' })).text;
  expect([...listed.matchAll(/"orderId":(\d+)/g)].map(([, id]) => id).toSorted()).toEqual(open.toSorted());
}, 120_000);
