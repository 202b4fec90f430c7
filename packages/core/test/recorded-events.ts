import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Level, MarketEvent } from '@helios/shared/domain/market-data.ts';
import { OrderBook } from '../src/book/order-book.ts';

const FOLDER = resolve(import.meta.dirname, '../../..', process.env['HELIOS_DATA_DIR'] ?? '../shared/data', 'depth');

/** Sessions of real books and trades; each is a list of files, read one after the other. */
export const SESSIONS = [
  { symbol: 'BTCUSDT', files: ['usdm_btcusdt_20230404.dat.gz', 'usdm_btcusdt_20230405.dat.gz'] },
  { symbol: 'BTCUSDT', files: ['usdm_btcusdt_20240718.gz', 'usdm_btcusdt_20240719.gz'] },
  { symbol: 'ETHUSDT', files: ['usdm_ethusdt_20240718.gz', 'usdm_ethusdt_20240719.gz'] },
] as const;

/** False if the recordings are not on this machine. */
export const recordingsExist = existsSync(FOLDER);

interface Message {
  readonly lastUpdateId?: number;
  readonly bids?: Level[];
  readonly asks?: Level[];
  readonly data?: Readonly<Record<string, unknown>> & { readonly e: string };
}

/** Books and trades of a session, as the ingestor would publish them: a minimal reader for these intact recordings. */
export function recordedEvents({ symbol, files }: (typeof SESSIONS)[number]): MarketEvent[] {
  const book = new OrderBook();
  const events: MarketEvent[] = [];
  const early: NonNullable<Message['data']>[] = [];
  let lastUpdateId = 0;

  function apply(data: NonNullable<Message['data']>): void {
    const update = { bids: data['b'] as Level[], asks: data['a'] as Level[] };
    const u = data['u'] as number;
    if (u < lastUpdateId) return;
    lastUpdateId = u;
    book.apply(update);
    const ts = data['E'] as number;
    events.push({ type: 'book', symbol, ts_event: ts, ts_init: ts, last_update_id: u, ...book.top(20) });
  }

  for (const file of files) {
    for (const line of gunzipSync(readFileSync(resolve(FOLDER, file)))
      .toString()
      .split('\n')) {
      if (line === '') continue;
      const { lastUpdateId: snapshotId, bids, asks, data } = JSON.parse(line.slice(line.indexOf(' ') + 1)) as Message;
      if (snapshotId !== undefined && bids && asks) {
        book.reset({ bids, asks });
        lastUpdateId = snapshotId;
        for (const update of early.splice(0)) apply(update);
      } else if (data?.e === 'depthUpdate') {
        if (lastUpdateId === 0) early.push(data);
        else apply(data);
      } else if (data?.e === 'trade' && Number(data['q']) > 0) {
        const ts = data['T'] as number;
        events.push({
          type: 'trade',
          symbol,
          ts_event: ts,
          ts_init: ts,
          trade_id: data['t'] as number,
          price: data['p'] as string,
          qty: data['q'] as string,
          buyer_is_maker: data['m'] as boolean,
        });
      }
    }
  }
  return events;
}
