import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { openCacheFile } from '../../src/cache/cache-reader.ts';
import { playCaches } from '../../src/cache/play-caches.ts';
import { importData } from '../../src/import/import-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const T0 = Date.UTC(2024, 0, 1);
const TARDIS = 'exchange,symbol,timestamp,local_timestamp';
const stamps = (ms: number) => `binance-futures,BTCUSDT,${(T0 + ms) * 1_000},${(T0 + ms) * 1_000 + 7}`;
let files = 0;

function write(name: string, content: string | Buffer): string {
  files += 1;
  const file = join(mkdtempSync(join(folder, `${files}-`)), name);
  writeFileSync(file, content);
  return file;
}

async function importOf(sources: readonly string[], stop = new AbortController().signal) {
  files += 1;
  const out = join(folder, `${files}.helios`);
  const content = await importData({ files: sources, market: 'usdm', out, stop });
  return { out, content };
}

async function eventsOf(out: string): Promise<MarketEvent[]> {
  const events: MarketEvent[] = [];
  const onFrame = (frame: readonly MarketEvent[]) => events.push(...frame) > 0;
  await playCaches([await openCacheFile(out)], { onFrame, toTs: Number.POSITIVE_INFINITY });
  return JSON.parse(JSON.stringify(events));
}

const AGG = 'agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker';
const trade = (id: number, price: string, ms: number, qty = '1') => `${id},${price},${qty},${id},${id},${T0 + ms},true`;

describe('files of other formats become the events that they describe', () => {
  test('Tardis increments and trades, interleaved as they were received', async () => {
    const book = write(
      'book.csv.gz',
      gzipSync(
        [
          `${TARDIS},is_snapshot,side,price,amount`,
          `${stamps(0)},true,bid,100,2`,
          `${stamps(0)},true,ask,100.5,3`,
          `${stamps(20)},false,bid,100,0`,
          `${stamps(20)},false,bid,99.5,1.25`,
        ].join('\n'),
      ),
    );
    const trades = write('trades.csv', `${TARDIS},id,side,price,amount\n${stamps(10)},5,sell,100,0.5\n`);
    const { out, content } = await importOf([book, trades]);
    expect(content.instruments).toMatchObject([{ symbol: 'BTCUSDT', tick_size: '0.5', step_size: '0.25' }]);
    const events = await eventsOf(out);
    expect(events.map(({ type, ts_event }) => [type, ts_event - T0])).toEqual([
      ['book', 0],
      ['trade', 10],
      ['book', 20],
      ['break', 20],
    ]);
    expect(events[0]).toMatchObject({ bids: [['100.0', '2.00']], asks: [['100.5', '3.00']] });
    expect(events[1]).toMatchObject({ trade_id: 5, price: '100.0', qty: '0.50', buyer_is_maker: true });
    expect(events[2]).toMatchObject({ bids: [['99.5', '1.25']], asks: [['100.5', '3.00']] });
  });

  test('a book comes back after a minute of silence without a new snapshot', async () => {
    const rows = [
      `${TARDIS},is_snapshot,side,price,amount`,
      `${stamps(0)},true,bid,100,2`,
      `${stamps(0)},true,ask,101,3`,
      `${stamps(70_000)},false,bid,99,1`,
    ];
    const { out } = await importOf([write('book.csv', rows.join('\n'))]);
    const events = await eventsOf(out);
    expect(events.map(({ type }) => type)).toEqual(['book', 'break', 'book', 'break']);
    expect(events[2]).toMatchObject({
      bids: [
        ['100', '2'],
        ['99', '1'],
      ],
    });
  });

  test('Tardis snapshots and quotes', async () => {
    const columns = ['asks', 'bids'].flatMap((side) =>
      [0, 1, 2, 3, 4].flatMap((i) => [`${side}[${i}].price`, `${side}[${i}].amount`]),
    );
    const cells = '101,1,102,2,103,3,104,4,105,5,100,1,99,2,,,,,,';
    const snapshot = write('s.csv', `${TARDIS},${columns.join()}\n${stamps(0)},${cells}\n`);
    const events = await eventsOf((await importOf([snapshot])).out);
    expect(events[0]).toMatchObject({
      bids: [
        ['100', '1'],
        ['99', '2'],
      ],
    });
    const quotes = write('q.csv', `${TARDIS},ask_amount,ask_price,bid_price,bid_amount\n${stamps(0)},3,101,100,2\n`);
    expect((await eventsOf((await importOf([quotes])).out))[0]).toMatchObject({
      bids: [['100', '2']],
      asks: [['101', '3']],
    });
  });

  test.each([
    ['aggTrades with a header', 'BTCUSDT-aggTrades.csv', `${AGG}\n${trade(1, '100.10', 0)}\n`],
    ['aggTrades without one', 'BTCUSDT-aggTrades.csv', `${trade(1, '100.10', 0)}\n`],
    ['trades of spot in µs', 'BTCUSDT-trades.csv', `1,100.10,1,100.1,${T0}000,True,True\n`],
  ])('Binance %s', async (_, name, text) => {
    const { out } = await importOf([write(name, text)]);
    expect((await eventsOf(out))[0]).toMatchObject({
      ...{
        type: 'trade',
        symbol: 'BTCUSDT',
        ts_event: T0,
        trade_id: 1,
        price: '100.1',
        qty: '1',
        buyer_is_maker: true,
      },
    });
  });

  test('Binance bookTicker, a book of one level', async () => {
    const text = `7,100.10000000,2.5,100.20000000,3,${T0},${T0 + 1}\n`;
    const { out } = await importOf([write('BTCUSDT-bookTicker.csv', text)]);
    expect((await eventsOf(out))[0]).toMatchObject({
      last_update_id: 7,
      bids: [['100.1', '2.5']],
      asks: [['100.2', '3.0']],
    });
  });
});

describe('bad input', () => {
  test.each([
    ['an empty file', 'a.csv', '', /it is empty/],
    ['text', 'a.csv', 'hello\nworld\n', /first line is of no known format/],
    ['a zip archive', 'a.zip', Buffer.from('PK\u0003\u0004xxxx'), /unzip/],
    ['a gzip that is cut at once', 'a.gz', gzipSync('x'.repeat(999)).subarray(0, 12), /ends too early|no lines/],
    ['a Parquet file that is none', 'a.parquet', 'PAR1 and no more', /damaged, or no complete Parquet/],
    [
      'a missing column',
      'BTCUSDT.csv',
      `${AGG.replace(',transact_time', '')}\n`,
      /aggTrades without the columns transact_time/,
    ],
    ['candles', 'BTCUSDT-1m.csv', 'open_time,open,high,low,close,volume\n', /play it as it is/],
    ['no symbol', 'trades.csv', `${AGG}\n${trade(1, '1', 0)}\n`, /its name holds no symbol/],
    [
      'unsorted rows',
      'BTCUSDT.csv',
      `${AGG}\n${trade(1, '1', 9_000)}\n${trade(2, '1', 0)}\n`,
      /line 3 goes back by 9.0 s/,
    ],
    ['a new unit', 'BTCUSDT.csv', `${AGG}\n${trade(1, '1', 0)}\n${trade(2, '1000', 9)}\n`, /line 3 .*redenominated/],
  ])('refuses %s', async (_, name, text, message) => {
    await expect(importOf([write(name, text)])).rejects.toThrow(message);
    expect(readdirSync(folder).filter((left) => left.includes('unfinished'))).toEqual([]);
  });

  test('refuses a folder, a missing file and two sources of the same books', async () => {
    await expect(importOf([folder])).rejects.toThrow(/it is a folder/);
    await expect(importOf([join(folder, 'none.csv')])).rejects.toThrow(/there is no such file/);
    const one = write('BTCUSDT-aggTrades.csv', `${trade(1, '1', 0)}\n`);
    const other = write('BTCUSDT-trades.csv', `1,1,1,1,${T0},true\n`);
    await expect(importOf([one, other])).rejects.toThrow(/name only one of them/);
  });

  test('counts faulty rows with their lines and leaves them out', async () => {
    const rows = [AGG, trade(1, '1', 0), trade(1, '1', 0), trade(2, 'NaN', 1), trade(3, '1', 2, '0'), trade(4, '2', 3)];
    const { out, content } = await importOf([write('BTCUSDT.csv', rows.join('\n'))]);
    expect(content.faults.map(({ kind, line }) => [kind, line])).toEqual([
      ['BAD_LINE', 4],
      ['BAD_LINE', 3],
      ['BAD_LINE', 5],
    ]);
    expect((await eventsOf(out)).filter(({ type }) => type === 'trade')).toHaveLength(2);
  });

  test('removes what killed imports of the same cache left, and nothing of others', async () => {
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    const day = 86_400_000;
    const left = (name: string, ageMs = 0): string => {
      const file = join(folder, `again.helios.${name}.unfinished`);
      writeFileSync(file, 'half');
      utimesSync(file, new Date(Date.now() - ageMs), new Date(Date.now() - ageMs));
      return file;
    };
    const dead = [left(`${hostname()}-${ended}`), left(`elsewhere-${ended}`, 2 * day)];
    const alive = [left(`${hostname()}-${process.ppid}`, 2 * day), left(`elsewhere-${ended}1`)];
    const other = join(folder, `other.helios.${hostname()}-${ended}.unfinished`);
    writeFileSync(other, 'half');
    const out = join(folder, 'again.helios');
    const sources = [write('BTCUSDT.csv', `${AGG}\n${trade(1, '1', 0)}\n`)];
    await importData({ files: sources, market: 'usdm', out, stop: new AbortController().signal });
    expect(dead.filter((file) => existsSync(file))).toEqual([]);
    expect([...alive, other].filter((file) => !existsSync(file))).toEqual([]);
    for (const file of [...alive, other]) rmSync(file);
  });

  test('a killed import leaves no cache, and the same command again cleans up after it', async () => {
    const out = join(folder, 'killed.helios');
    const rows = Array.from({ length: 200_000 }, (_, id) => trade(id, '1', id));
    const source = write('BTCUSDT.csv', `${AGG}\n${rows.join('\n')}\n`);
    const unfinished = () => readdirSync(folder).filter((name) => name.startsWith('killed.helios.'));
    const command = join(import.meta.dirname, '../../../backtest/src/data/data-command.ts');
    const child = spawn(process.execPath, [command, 'import', source, '--out', out], { stdio: 'ignore' });
    await eventually('the import writes', () => unfinished().length > 0, 30_000);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect([existsSync(out), unfinished().length]).toEqual([false, 1]);
    await importData({ files: [source], market: 'usdm', out, stop: new AbortController().signal });
    expect(unfinished()).toEqual([]);
    expect((await openCacheFile(out)).content.events['trade']).toBe(200_000);
  }, 60_000);

  test('leaves nothing of an import that is ended', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(importOf([write('BTCUSDT.csv', `${trade(1, '1', 0)}\n`)], stop.signal)).rejects.toThrow();
    expect(readdirSync(folder).some((name) => name.includes('unfinished'))).toBe(false);
  });
});

describe('a damaged cache is refused', () => {
  test.each([
    ['cut off', (file: string) => truncateSync(file, 400), /it is cut off/],
    ['cut in its header', (file: string) => truncateSync(file, 20), /it is cut off/],
    ['with another byte', (file: string) => flip(file, 100), /it is damaged between/],
    ['of another version', (file: string) => flip(file, 16), /version/],
    ['that is another file', (file: string) => writeFileSync(file, 'hello'), /no cache of Helios/],
  ])('%s', async (_, spoil, message) => {
    const { out } = await importOf([write('BTCUSDT.csv', `${trade(1, '1', 0)}\n${trade(2, '1', 1)}\n`)]);
    spoil(out);
    await expect(eventsOf(out)).rejects.toThrow(message);
    expect(existsSync(out)).toBe(true);
  });

  function flip(file: string, at: number): void {
    const bytes = readFileSync(file);
    bytes[at] = (bytes[at] ?? 0) ^ 2;
    writeFileSync(file, bytes);
  }
});
