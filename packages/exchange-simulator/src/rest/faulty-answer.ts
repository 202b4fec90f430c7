import { isHedgeClose } from '@helios/core/matching/order-rules.ts';
import type { Exchange } from '../exchange.ts';
import type { FaultSubject } from '../faults/fault-board.ts';
import { type Answer, ok } from './endpoint.ts';
import { type Refusal, throttled } from './refusal.ts';
import type { Received } from './request-reader.ts';
import { noSuchOrder } from './trade/trade-refusal.ts';

const NEW_ORDERS = ['/fapi/v1/order', '/fapi/v1/batchOrders', '/fapi/v1/algoOrder'];
const ALGO_LISTS = ['/fapi/v1/openAlgoOrders', '/fapi/v1/allAlgoOrders'];
const POSITION_RISK = ['/fapi/v2/positionRisk', '/fapi/v3/positionRisk'];
const ACCOUNT = ['/fapi/v2/account', '/fapi/v3/account'];

type Row = Readonly<Record<string, unknown>>;

/** Symbol and account of a request; faults may name them. */
export function subjectOf({ query, sent }: Received, { trading }: Exchange): FaultSubject {
  const byKey = sent.apiKey === undefined ? undefined : trading.accounts.byKey(sent.apiKey)?.account;
  return { symbol: query.get('symbol')?.toUpperCase(), account: (sent.loggedOn ?? byKey)?.id };
}

/** The refusal of a fault before the endpoint is reached; undefined without one. */
export function faultRefusal(received: Received, exchange: Exchange): Refusal | undefined {
  const { method, path, query } = received;
  const isNewOrder = (method === 'POST' || method === 'PUT') && NEW_ORDERS.includes(path);
  if (!isNewOrder || rowsOf(query).every(onlyReduces)) return undefined;
  const fault = exchange.faults.hit('overload', subjectOf(received, exchange), exchange.clock());
  return fault === undefined ? undefined : throttled();
}

/** The answer of an endpoint as the faults distort it. */
export function faultyAnswer(answer: Answer, received: Received, exchange: Exchange): Answer {
  if (answer.kind !== 'OK' || received.method !== 'GET') return answer;
  const { path } = received;
  if (path === '/fapi/v1/algoOrder') return isHidden(answer.body, received, exchange) ? noSuchOrder() : answer;
  if (ALGO_LISTS.includes(path) && Array.isArray(answer.body))
    return ok(answer.body.filter((row) => !isHidden(row, received, exchange)));
  if (POSITION_RISK.includes(path)) return liedAbout(answer.body, [], received, exchange);
  if (ACCOUNT.includes(path))
    return liedAbout(answer.body, { ...(answer.body as Row), positions: [] }, received, exchange);
  return answer;
}

/** True if a fault hides this conditional order from queries. */
function isHidden(row: unknown, received: Received, exchange: Exchange): boolean {
  const { account } = subjectOf(received, exchange);
  const symbol = String((row as Row)['symbol']);
  return exchange.faults.hit('stop-hidden', { symbol, account }, exchange.clock()) !== undefined;
}

function liedAbout(body: unknown, empty: unknown, received: Received, exchange: Exchange): Answer {
  const subject = subjectOf(received, exchange);
  const key = `${received.path} ${subject.account} ${subject.symbol}`;
  const fault = exchange.faults.hit('positions', subject, exchange.clock());
  if (fault === undefined) {
    exchange.lastPositions.set(key, body);
    return ok(body);
  }
  return ok(fault.how === 'old' ? (exchange.lastPositions.get(key) ?? empty) : empty);
}

/** The orders of a request, each with its parameters. */
function rowsOf(query: URLSearchParams): readonly Row[] {
  const batch = query.get('batchOrders');
  if (batch === null) return [Object.fromEntries(query)];
  try {
    const rows: unknown = JSON.parse(batch);
    return Array.isArray(rows) ? rows.filter((row) => typeof row === 'object' && row !== null) : [{}];
  } catch {
    return [{}];
  }
}

/** True for orders that the venue spares in an overload. */
function onlyReduces(row: Row): boolean {
  return isHedgeClose(row) || isTrue(row['reduceOnly']) || isTrue(row['closePosition']);
}

function isTrue(value: unknown): boolean {
  return String(value).toLowerCase() === 'true';
}
