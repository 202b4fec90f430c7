import { type Answer, ok } from '../endpoint.ts';
import { mandatorySymbol, type Parameter } from '../parameters.ts';
import { invalidSymbol, missing } from '../refusal.ts';
import { cancelOpenOrder, placeNewOrder } from './order.ts';
import { modifyOpenOrder } from './order-modify.ts';
import { badBatchSize, eitherMissing, tooManyToCancel } from './order-refusal.ts';
import { type Call, signedEndpoint } from './signed-endpoint.ts';

const PATH = '/fapi/v1/batchOrders';
const MAX_PLACED = 5;
const MAX_CANCELED = 10;

/** `POST /fapi/v1/batchOrders`: up to five new orders, one after the other. */
export const placeBatch = signedEndpoint({
  method: 'POST',
  path: PATH,
  weight: () => 5,
  orders: () => 5,
  answer: (call) => eachOrder(call, placeNewOrder),
});

/** `PUT /fapi/v1/batchOrders`: up to five changes. */
export const modifyBatch = signedEndpoint({
  method: 'PUT',
  path: PATH,
  weight: () => 5,
  orders: () => 5,
  answer: (call) => eachOrder(call, modifyOpenOrder),
});

/** `DELETE /fapi/v1/batchOrders`: up to ten orders of a contract. ccxt writes the list's name in small letters. */
export const cancelBatch = signedEndpoint({
  method: 'DELETE',
  path: PATH,
  weight: () => 1,
  answer(call) {
    const symbol = mandatorySymbol(call.query);
    if (symbol.kind !== 'VALUE') return symbol;
    const lists = [
      ['orderId', 'orderIdList', call.query.get('orderIdList') ?? call.query.get('orderidlist')],
      [
        'origClientOrderId',
        'origClientOrderIdList',
        call.query.get('origClientOrderIdList') ?? call.query.get('origclientorderidlist'),
      ],
    ] as const;
    const sent = lists.find(([, , text]) => text !== null && text !== '');
    if (sent === undefined) return eitherMissing('orderIdList', 'origClientOrderIdList');
    const [parameter, name, text] = sent;
    const names = listOf(name, text ?? '');
    if (names.kind !== 'VALUE') return names;
    if (names.value.length > MAX_CANCELED) return tooManyToCancel();
    if (call.trading.marketOf(symbol.value) === undefined) return invalidSymbol();
    return ok(
      names.value.map((one) =>
        rowOf(cancelOpenOrder({ ...call, query: new URLSearchParams({ symbol: symbol.value, [parameter]: one }) })),
      ),
    );
  },
});

function eachOrder(call: Call, answer: (call: Call) => Answer): Answer {
  // An id above 2^53 would lose digits as a number, so it becomes a text first.
  const text = (call.query.get('batchOrders') ?? '').replace(/(:\s*)(\d{16,19})(?=\s*[,}])/g, '$1"$2"');
  const orders = parsedList(text);
  if (orders === undefined || orders.length === 0) return missing('batchOrders');
  if (orders.length > MAX_PLACED) return badBatchSize();
  const queries = orders.map(parametersOf);
  if (queries.includes(undefined)) return missing('batchOrders');
  return ok(queries.flatMap((query) => (query === undefined ? [] : [rowOf(answer({ ...call, query }))])));
}

/** A row of the answer: an order, or code and text of its refusal. */
function rowOf(answer: Answer): unknown {
  return answer.kind === 'OK' ? answer.body : { code: answer.code, msg: answer.msg };
}

/** The parameters of one order of a batch; undefined if it is no object of plain values. */
function parametersOf(order: unknown): URLSearchParams | undefined {
  if (typeof order !== 'object' || order === null || Array.isArray(order)) return undefined;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(order)) {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
    query.set(name, String(value));
  }
  return query;
}

/** The texts of a list of ids, however large the numbers. */
function listOf(name: string, text: string): Parameter<readonly string[]> {
  const items = parsedList(text.replace(/(?<=[[,]\s*)(\d+)(?=\s*[\],])/g, '"$1"'));
  if (items === undefined || items.length === 0 || items.some((item) => typeof item !== 'string')) return missing(name);
  return { kind: 'VALUE', value: items.map(String) };
}

function parsedList(text: string): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
