import { expect, test } from 'vitest';
import { Channels, Lists, Maps, Rankings, Records, Streams, Values } from '../contracts/catalog.ts';
import type { OpenPosition } from '../domain/position.ts';
import { aBook, aKline, aMode, aSignal, aTrade } from './builders.ts';
import { describeBuses } from './describe-buses.ts';
import { eventually } from './eventually.ts';

const BTC = { symbol: 'BTCUSDT' };
const ETH = { symbol: 'ETHUSDT' };

describeBuses('keys and channels', (contract) => {
  test('a value is read as it was set', async () => {
    const ingestor = await contract.bus('data-ingestor');
    await ingestor.write((b) => b.set(Values.orderbook, aBook({ seq: 7 }), BTC));
    expect(await ingestor.get(Values.orderbook, BTC)).toEqual(aBook({ seq: 7 }));
    expect(await ingestor.get(Values.orderbook, ETH)).toBeUndefined();
  });

  test('a record is read with its types, and digits in a string stay a string', async () => {
    const fleet = await contract.bus('fleet');
    const mode = aMode({ run: '007', session: 'true', reason: 'null', boot_id: '1e5' });
    await fleet.write((b) => b.setRecord(Records.fleetMode, mode));
    expect(await fleet.getRecord(Records.fleetMode)).toEqual(mode);
  });

  test('a record that is set again loses absent fields', async () => {
    const fleet = await contract.bus('fleet');
    await fleet.write((b) => b.setRecord(Records.fleetMode, aMode({ boot_id: 'boot-1' })));
    const { source: _, ...bare } = aMode();
    await fleet.write((b) => b.setRecord(Records.fleetMode, bare));
    expect(await fleet.getRecord(Records.fleetMode)).toEqual(bare);
  });

  test('a missing record is undefined', async () => {
    expect(await (await contract.bus('fleet')).getRecord(Records.fleetState)).toBeUndefined();
  });

  test('a map keeps, replaces and deletes fields', async () => {
    const engine = await contract.bus('signal-engine');
    const state = { signal_id: 's', extreme: 101, ts_event: 1 };
    await engine.write((b) => {
      b.setField(Maps.trailingStops, 'BTCUSDT:LONG', state);
      b.setField(Maps.trailingStops, 'ETHUSDT:SHORT', { ...state, stop: 99 });
      b.deleteField(Maps.trailingStops, 'BTCUSDT:LONG');
    });
    expect(await engine.getMap(Maps.trailingStops)).toEqual({ 'ETHUSDT:SHORT': { ...state, stop: 99 } });
    await engine.write((b) => b.setMap(Maps.trailingStops, { 'BTCUSDT:LONG': state }));
    expect(await engine.getMap(Maps.trailingStops)).toEqual({ 'BTCUSDT:LONG': state });
    await engine.write((b) => b.setMap(Maps.trailingStops, {}));
    expect(await engine.getMap(Maps.trailingStops)).toEqual({});
  });

  test('a lease has one holder until it ends, and each new holder has a greater token', async () => {
    const bus = await contract.bus('execution-manager');
    const other = await contract.bus('execution-manager');
    expect(await bus.takeLease(Records.entryLease, 'one', 60_000)).toBe(1);
    expect(await other.takeLease(Records.entryLease, 'two', 60_000)).toBeUndefined();
    expect(await bus.takeLease(Records.entryLease, 'one', 1)).toBe(1);
    expect(await bus.getRecord(Records.entryLease)).toMatchObject({ holder: 'one', token: 1 });
    await eventually('the end of the lease', () => other.takeLease(Records.entryLease, 'two', 60_000));
    expect(await bus.takeLease(Records.entryLease, 'one', 60_000)).toBeUndefined();
    expect(await bus.getRecord(Records.entryLease)).toMatchObject({ holder: 'two', token: 2 });
  });

  test('a list is newest first, cut at its maximum, and can be replaced', async () => {
    const ingestor = await contract.bus('data-ingestor');
    const engine = await contract.bus('signal-engine');
    const at = { symbol: 'BTCUSDT', interval: '1m' };
    await ingestor.write((b) => {
      for (let trades = 0; trades < 1_450; trades += 1) b.push(Lists.klines, aKline({ trades }), at);
    });
    const newest = await engine.getList(Lists.klines, 2, at);
    expect(newest.map(({ trades }) => trades)).toEqual([1_449, 1_448]);
    expect(await engine.getList(Lists.klines, 2_000, at)).toHaveLength(1_440);
    await ingestor.write((b) => b.setList(Lists.klines, [aKline({ trades: 2 }), aKline({ trades: 1 })], at));
    expect((await engine.getList(Lists.klines, 10, at)).map(({ trades }) => trades)).toEqual([2, 1]);
    expect(await engine.getList(Lists.klines, 0, at)).toEqual([]);
  });

  test('a removed key is gone, whatever its type', async () => {
    const fleet = await contract.bus('fleet');
    const engine = await contract.bus('signal-engine');
    await fleet.write((b) => {
      b.setRecord(Records.fleetMode, aMode());
      b.append(Streams.operatorCommands, { command_id: 'c', action: 'stop', issued_by: 'x', issued_ts: 1 });
    });
    await fleet.write((b) => {
      b.remove(Records.fleetMode);
      b.remove(Streams.operatorCommands);
    });
    expect(await fleet.getRecord(Records.fleetMode)).toBeUndefined();
    expect(await engine.getLatest(Streams.operatorCommands, 9)).toEqual([]);
  });

  test('lists and maps are counted, malformed documents too, and missing ones are 0', async () => {
    const logger = await contract.bus('decision-logger');
    expect(await logger.count(Lists.decisionLogs)).toBe(0);
    expect(await logger.count(Maps.openPositions)).toBe(0);
    const { signal_id, ...signal } = aSignal();
    const decision = { ...signal, decision_id: signal_id, outcome: 'OPENED' as const };
    await logger.write((b) => {
      b.setList(Lists.decisionLogs, [decision, { ...decision, entry_price: -1 }]);
      b.setMap(Maps.openPositions, { a: {} as OpenPosition, b: {} as OpenPosition, c: {} as OpenPosition });
    });
    expect(await logger.count(Lists.decisionLogs)).toBe(2);
    expect(await logger.count(Maps.openPositions)).toBe(3);
  });

  test('a stream is counted, and read from either end', async () => {
    const fleet = await contract.bus('fleet');
    const engine = await contract.bus('signal-engine');
    const ends = async () => ({
      count: await engine.count(Streams.operatorCommands),
      oldest: (await engine.getOldest(Streams.operatorCommands, 2)).map(({ command_id }) => command_id),
      newest: (await engine.getLatest(Streams.operatorCommands, 2)).map(({ command_id }) => command_id),
    });
    expect(await ends()).toEqual({ count: 0, oldest: [], newest: [] });
    await fleet.write((b) => {
      for (const command_id of ['a', 'b', 'c'])
        b.append(Streams.operatorCommands, { command_id, action: 'stop', issued_by: 'x', issued_ts: 1 });
    });
    expect(await ends()).toEqual({ count: 3, oldest: ['a', 'b'], newest: ['c', 'b'] });
  });

  test('a ranking is highest first, and equal scores keep one order', async () => {
    const ingestor = await contract.bus('data-ingestor');
    await ingestor.write((b) => b.setRanking(Rankings.watchlist, { AAA: 1, CCC: 3, BBB: 2.5, DDD: 1 }));
    expect(await ingestor.getRanking(Rankings.watchlist)).toEqual([
      { member: 'CCC', score: 3 },
      { member: 'BBB', score: 2.5 },
      { member: 'DDD', score: 1 },
      { member: 'AAA', score: 1 },
    ]);
  });

  test('messages arrive in the order of publication, across channels', async () => {
    const ingestor = await contract.bus('data-ingestor');
    const engine = await contract.bus('signal-engine');
    const seen: string[] = [];
    await engine.subscribe(Channels.books, (book) => void seen.push(`b${book.last_update_id}`), BTC);
    await engine.subscribe(Channels.marketTrades, (trade) => void seen.push(`t${trade.trade_id}`), ETH);
    const expected: string[] = [];
    for (let i = 0; i < 50; i += 1) {
      await ingestor.write((b) => {
        b.publish(Channels.books, aBook({ last_update_id: i }), BTC);
        b.publish(Channels.marketTrades, aTrade({ trade_id: i }), ETH);
      });
      expected.push(`b${i}`, `t${i}`);
    }
    await eventually('100 messages', () => seen.length === 100);
    expect(seen).toEqual(expected);
  });

  test('nothing is delivered within the write itself, nor to another instance of the name', async () => {
    const ingestor = await contract.bus('data-ingestor');
    const engine = await contract.bus('signal-engine');
    const seen: string[] = [];
    await engine.subscribe(Channels.books, (book) => void seen.push(book.symbol), BTC);
    const writing = ingestor.write((b) => {
      b.publish(Channels.books, aBook({ symbol: 'ETHUSDT' }), ETH);
      b.publish(Channels.books, aBook(), BTC);
    });
    expect(seen).toEqual([]);
    await writing;
    await eventually('the message', () => seen.length > 0);
    expect(seen).toEqual(['BTCUSDT']);
  });

  test('after unsubscribe no message arrives', async () => {
    const ingestor = await contract.bus('data-ingestor');
    const engine = await contract.bus('signal-engine');
    const seen: string[] = [];
    await engine.subscribe(Channels.books, () => void seen.push('book'), BTC);
    await engine.subscribe(Channels.marketTrades, () => void seen.push('trade'), BTC);
    await engine.unsubscribe(Channels.books, BTC);
    await ingestor.write((b) => {
      b.publish(Channels.books, aBook(), BTC);
      b.publish(Channels.marketTrades, aTrade(), BTC);
    });
    await eventually('the trade', () => seen.includes('trade'));
    expect(seen).toEqual(['trade']);
  });

  test('a malformed message is dropped and counted, and the next one arrives', async () => {
    const ingestor = await contract.bus('data-ingestor');
    const engine = await contract.bus('signal-engine');
    const seen: unknown[] = [];
    await engine.subscribe(Channels.books, (book) => void seen.push(book), BTC);
    await engine.subscribe(Channels.markPrices, (mark) => void seen.push(mark), BTC);
    await contract.harness.publishRaw('books:BTCUSDT', 'no json');
    await contract.harness.publishRaw('books:BTCUSDT', '{"type":"book"}');
    await contract.harness.publishRaw('books:BTCUSDT', 'null');
    await contract.harness.publishRaw('mark_prices:BTCUSDT', '{"type":"mark","extra":1}');
    await ingestor.write((b) => b.publish(Channels.books, aBook(), BTC));
    await eventually('the good one', () => seen.length > 0);
    expect(seen).toEqual([aBook()]);
    expect(engine.counts()).toEqual({ messages: 5, malformed: 4 });
  });

  test('a handler that throws is a fault', async () => {
    const faults: unknown[] = [];
    const ingestor = await contract.bus('data-ingestor');
    const engine = await contract.bus('signal-engine', (error) => void faults.push(error));
    await engine.subscribe(
      Channels.books,
      () => {
        throw new Error('our mistake');
      },
      BTC,
    );
    await ingestor.write((b) => b.publish(Channels.books, aBook(), BTC));
    await eventually('the fault', () => faults.length > 0);
    expect(faults).toEqual([new Error('our mistake')]);
  });
});
