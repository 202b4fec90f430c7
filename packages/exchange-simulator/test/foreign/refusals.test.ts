import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningExchange } from '../../src/start-exchange.ts';
import { type CcxtClient, type Credentials, ccxtOn, officialOn, sieblyOn } from './clients.ts';
import { ControlledMarket } from './controlled-market.ts';
import { useLocalNetworkOnly } from './local-network.ts';
import { refusalsInManual } from './manual-tables.ts';
import { CASES, type Clients, KEY_CASES, type RefusalCase, STALE } from './refusal-cases.ts';
import { KEY, type Row, START_BALANCE, SYMBOL, startSession } from './session.ts';

const symbol = SYMBOL;

let venue: RunningExchange;
let ccxtClient: CcxtClient;
let clients: Clients;

useLocalNetworkOnly();
beforeAll(async () => {
  venue = await startSession(new ControlledMarket());
  ccxtClient = await ccxtOn(venue, KEY);
  await ccxtClient.loadMarkets();
  clients = await clientsOn(venue, KEY);
});
afterAll(async () => {
  await ccxtClient?.close();
  await venue?.stop();
});

async function clientsOn(of: RunningExchange, key: Credentials): Promise<Clients> {
  const ccxt = await ccxtOn(of, key);
  return { ccxt, official: officialOn(of, key).restAPI, binance: sieblyOn(of, key).rest };
}

const thrownBy = async (call: Promise<unknown>): Promise<Row> =>
  call.then(
    () => 'no refusal',
    (error: unknown) => error,
  );

/** Meets a refusal with every client, in its own class and with the venue's code. */
async function expectRefusal(of: Clients, one: RefusalCase): Promise<void> {
  const [ccxtError, officialError, sieblyError] = [
    await thrownBy(one.ccxt(of)),
    await thrownBy(one.official(of)),
    await thrownBy(one.binance(of)),
  ];
  expect([ccxtError.constructor.name, String(ccxtError.message)]).toEqual([
    one.classes.ccxt,
    expect.stringContaining(`"code":${one.code},`),
  ]);
  expect([officialError.constructor.name, officialError.code]).toEqual([one.classes.official, one.code]);
  expect([sieblyError.constructor.name, sieblyError.code]).toEqual(['Object', one.code]);
  expect(new Set([officialError.message, sieblyError.message]).size, 'texts').toBe(1);
  expect(classAtVenue(of.ccxt, ccxtError.message)).toBe(one.classes.atVenue ?? one.classes.ccxt);
}

/** ccxt chooses some classes by the host. This is its class for the same answer from the venue's own address. */
function classAtVenue(ccxt: Row, message: string): string {
  const body = message.slice(message.indexOf('{'));
  const url = 'https://fapi.binance.com/fapi/v1/order';
  try {
    ccxt.handleErrors(400, 'Bad Request', url, 'POST', {}, body, JSON.parse(body), {}, '');
  } catch (error) {
    return (error as Error).constructor.name;
  }
  return 'no refusal';
}

test.each(KEY_CASES)('$refusal: $code in every client', async ({ key, ...one }) => {
  await expectRefusal(await clientsOn(venue, key), one);
});

test.each(CASES)('$refusal: $code in every client', (one) => expectRefusal(clients, one));

test('a stale timestamp: -1021 in every client', async () => {
  await venue.setFaults([{ fault: 'clock', offset_ms: 60_000 }]);
  await expectRefusal(clients, STALE);
  await venue.setFaults([]);
});

const TOO_MANY = { refusal: 'too many requests, then a ban', code: -1003 };

test('too many requests: 429, then a ban: 418, in every client', async () => {
  const limits = { weightPerMinute: 0, refusalsUntilBan: 1 };
  const asks: readonly [(of: Clients) => Promise<unknown>, string, string][] = [
    [({ ccxt }) => ccxt.fetchTime(), 'DDoSProtection', 'DDoSProtection'],
    [({ official }) => official.checkServerTime(), 'TooManyRequestsError', 'RateLimitBanError'],
    [({ binance }) => binance.getSymbolPriceTicker(), 'Object', 'Object'],
  ];
  for (const [ask, first, second] of asks) {
    const busy = await startSession(new ControlledMarket(), { limits });
    const of = await clientsOn(busy, KEY);
    const errors = [await thrownBy(ask(of)), await thrownBy(ask(of))];
    expect(errors.map((error) => error.constructor.name)).toEqual([first, second]);
    for (const error of errors) expect(`${error.message} ${error.code}`).toContain('-1003');
    expect(Object.values(busy.requests().paths)).toMatchObject([{ statuses: { 429: 1, 418: 1 } }]);
    await busy.stop();
  }
});

test('ccxt has all the venue’s classes after its table of the market joins the common one', async () => {
  const ccxt = await ccxtOn(venue, KEY);
  await ccxt.loadMarkets();
  Object.assign(ccxt.exceptions.exact, ccxt.exceptions.linear.exact);
  for (const one of CASES) {
    const error = await thrownBy(one.ccxt({ ...clients, ccxt }));
    expect(error.constructor.name).toBe(one.classes.atVenue ?? one.classes.ccxt);
  }
  await ccxt.close();
});

test('refused requests changed nothing', async () => {
  expect(await clients.binance.getBalanceV3()).toMatchObject([
    { balance: START_BALANCE, availableBalance: START_BALANCE },
  ]);
  expect(await clients.binance.getAllOpenOrders()).toEqual([]);
  expect(await clients.binance.getOpenAlgoOrders()).toEqual([]);
  expect(await clients.binance.getAllOrders({ symbol })).toEqual([]);
});

test('the manual lists exactly these refusals', () => {
  const rows = [...KEY_CASES, ...CASES, STALE].map(({ refusal, code, classes }) => ({
    ...{
      refusal: refusal.replaceAll('`', ''),
      code,
      ccxt: classes.ccxt,
      'ccxt at the venue': classes.atVenue ?? classes.ccxt,
    },
    official: classes.official,
  }));
  const many = { ...TOO_MANY, ccxt: 'DDoSProtection', 'ccxt at the venue': 'DDoSProtection' };
  expect(refusalsInManual()).toEqual([...rows, { ...many, official: 'TooManyRequestsError, RateLimitBanError' }]);
});
