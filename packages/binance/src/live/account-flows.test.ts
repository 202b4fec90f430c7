import { expect, test } from 'vitest';
import type { Endpoint } from '../rest/endpoint.ts';
import type { RestAnswer } from '../rest/rest-answer.ts';
import { readFlows } from './account-flows.ts';
import { LiveGovernor } from './live-governor.ts';
import { VenueRequests } from './venue-requests.ts';

interface Row {
  readonly time: number;
  readonly tranId: number;
}

/** Requests answered from an income history as the venue does: rows from `startTime` on, oldest first, at most a thousand. */
function requestsOn(history: readonly Row[], asked: number[] = []): VenueRequests {
  const rest = {
    async send<P, T>(endpoint: Endpoint<P, T>, params: P): Promise<RestAnswer<T>> {
      const { startTime, limit } = endpoint.query(params);
      asked.push(Number(startTime));
      const rows = history.filter(({ time }) => time >= Number(startTime)).slice(0, Number(limit));
      const json = rows.map((row) => ({
        ...{ symbol: 'BTCUSDT', incomeType: 'COMMISSION', income: '-0.30000050', asset: 'USDT', info: '' },
        ...{ ...row, tradeId: String(row.tranId) },
      }));
      return { kind: 'OK', value: endpoint.parse(json, params) as T, tsSent: 0, tsReceived: 0 };
    },
  };
  return new VenueRequests(rest, new LiveGovernor(() => 0, 1));
}

async function idsOf(requests: VenueRequests, sinceTs = 0): Promise<readonly string[]> {
  const answer = await readFlows(requests, 'live:test', sinceTs);
  if (answer.kind !== 'OK') throw new Error(answer.detail);
  return answer.value.map(({ flow_id }) => flow_id);
}

test('L17: more rows than one answer holds are paged by time, and none is missing or doubled', async () => {
  const history = Array.from({ length: 2_500 }, (_, index) => ({ time: 1_000 + Math.floor(index / 3), tranId: index }));
  const asked: number[] = [];
  const ids = await idsOf(requestsOn(history, asked));
  expect(ids).toHaveLength(2_500);
  expect(new Set(ids).size).toBe(2_500);
  expect(asked).toEqual([0, 1_333, 1_666]);
});

test('a thousand rows of one millisecond do not stop the reading', async () => {
  const crowd = Array.from({ length: 1_200 }, (_, index) => ({ time: 5, tranId: index }));
  const ids = await idsOf(requestsOn([...crowd, { time: 9, tranId: 5_000 }]), 5);
  expect(ids.at(-1)).toBe('COMMISSION:5000:USDT');
});

test('an empty history is no flows; amounts keep every digit', async () => {
  expect(await idsOf(requestsOn([]))).toEqual([]);
  const answer = await readFlows(requestsOn([{ time: 7, tranId: 8 }]), 'live:test', 0);
  expect(answer).toMatchObject({
    value: [
      { run: 'live:test', flow_id: 'COMMISSION:8:USDT', kind: 'COMMISSION', amount: '-0.30000050', trade_id: '8' },
    ],
  });
});
