import { Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import { aSignal, defaultSettings } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  aCommand,
  aDenial,
  aPosition,
  BTC,
  bookOf,
  closeEngineHarnesses,
  type EngineHarness,
  openEngineHarness,
  RUN,
} from './engine-harness.ts';

afterEach(closeEngineHarnesses);

const ETH = 'ETHUSDT';
const HOUR_MS = 3_600_000;
const oneAtATime = defaultSettings({
  signals: { min_book_history_sec: 0, confirmation_count: 1, cooldown_sec: 0, refusal_log_interval_sec: 0 },
  trading: { max_open_positions: 1 },
});

/** An entry on BTCUSDT uses the only slot; decision-logger has not read it. */
async function unansweredEntry(): Promise<{ harness: EngineHarness; id: string }> {
  const harness = await openEngineHarness({ settings: oneAtATime, watchlist: [BTC, ETH] });
  await harness.book(bookOf(-0.8));
  expect(await triggered(harness, ETH)).toBe('EXPOSURE');
  return { harness, id: harness.signals[0]?.signal_id ?? '' };
}

/** Result of the next trigger on a symbol: the refusing gate, or ENTERED. */
async function triggered(harness: EngineHarness, symbol: string): Promise<string | undefined> {
  const [signals, refusals] = [harness.signals.length, harness.refusals.length];
  harness.clock.advance(100);
  await harness.book(bookOf(-0.8, harness.clock.now(), { symbol }));
  if (harness.signals.length > signals) return 'ENTERED';
  return harness.refusals.slice(refusals).flatMap((one) => (one.kind === 'REFUSED' ? one.decision.refused_by : []))[0];
}

const kept = async (harness: EngineHarness): Promise<string[]> =>
  Object.keys(await harness.service.bus.getMap(Maps.unansweredEntries));

/** decision-logger reads the whole stream. */
async function readAll(harness: EngineHarness): Promise<void> {
  await harness.fake.bus('decision-logger').consume(Streams.signals, async () => {});
  await harness.fake.settle();
}

describe('an entry without an answer', () => {
  test('blocks its symbol and its slot for hours, and a flatten waits for it', async () => {
    const { harness, id } = await unansweredEntry();
    harness.clock.advance(2 * HOUR_MS);
    expect(await triggered(harness, BTC)).toBe('EXPOSURE');
    expect(await triggered(harness, ETH)).toBe('EXPOSURE');
    await harness.command(aCommand('flatten', 'c1'));
    expect((await harness.service.bus.getRecord(Records.fleetState))?.state).toBe('REDUCING');
    await harness.positions([aPosition({ signal_id: id })]);
    await eventually('the exit', () => harness.signals.length === 2);
    expect(harness.signals[1]).toMatchObject({ direction: 'EXIT_LONG', exit_reason: 'OPERATOR' });
  });

  test('blocks them after a restart too, and is not sent again while decision-logger has not read it', async () => {
    const { harness, id } = await unansweredEntry();
    const again = await harness.restart();
    const asked = vi.spyOn(again.service.bus, 'hasReadAll');
    expect(await triggered(again, BTC)).toBe('EXPOSURE');
    await eventually('two checks for a lost entry', () => asked.mock.calls.length >= 2);
    expect(await triggered(again, BTC)).toBe('EXPOSURE');
    expect(again.signals).toEqual([]);
    expect(await kept(again)).toEqual([id]);
  });
});

describe('the answer to an entry', () => {
  test('counts at once if it comes with the positions', async () => {
    const { harness, id } = await unansweredEntry();
    await harness.positions([], { executions: [aDenial(id)] });
    expect(await triggered(harness, BTC)).toBe('ENTERED');
  });

  test('counts from the stream if the update was lost; that of another run or signal does not', async () => {
    const { harness, id } = await unansweredEntry();
    await harness.answer(aDenial(id, { run: 'another' }));
    await harness.answer(aDenial('another-signal'));
    expect(await triggered(harness, ETH)).toBe('EXPOSURE');
    await harness.answer(aDenial(id));
    expect(await kept(harness)).toEqual([]);
    expect(await triggered(harness, ETH)).toBe('ENTERED');
  });

  test('FILLED from the stream only: the position is read first, so the symbol is never free in between', async () => {
    const { harness, id } = await unansweredEntry();
    await harness.fake.bus('decision-logger').write((batch) => {
      batch.setField(Maps.openPositions, 'BTCUSDT:LONG', aPosition({ signal_id: id }));
    });
    const fill = { trade_id: 't', price: 100, quantity: 0.01, fee: 0, liquidity: 'TAKER', slippage: 0 } as const;
    await harness.answer({ ...aDenial(id), denial: undefined, answer: 'FILLED', fill } as never);
    expect(await kept(harness)).toEqual([]);
    expect(await triggered(harness, BTC)).toBe('EXPOSURE');
    await harness.positions([]);
    expect(await triggered(harness, BTC)).toBe('ENTERED');
  });

  test('waits in the stream while signal-engine is away', async () => {
    const { harness, id } = await unansweredEntry();
    await harness.service.stop();
    await harness.answer(aDenial(id));
    const again = await harness.restart();
    expect(await kept(again)).toEqual([]);
    expect(await triggered(again, BTC)).toBe('ENTERED');
  });

  test('changes nothing if it comes a second time', async () => {
    const { harness, id } = await unansweredEntry();
    await harness.answer(aDenial(id));
    expect(await triggered(harness, BTC)).toBe('ENTERED');
    await harness.answer(aDenial(id));
    expect(await triggered(harness, ETH)).toBe('EXPOSURE');
    expect(await kept(harness)).toEqual([harness.signals[1]?.signal_id]);
  });
});

describe('an entry that Redis lost', () => {
  test('is sent again unchanged, until it is answered', async () => {
    const { harness, id } = await unansweredEntry();
    harness.fake.stream(Streams.signals.name).messages.splice(0);
    harness.fake.hashes.delete(Maps.unansweredEntries.name);
    await eventually('the entry again', () => harness.signals.length === 2);
    expect({ ...harness.signals[1], book: undefined }).toEqual({ ...harness.signals[0], book: undefined });
    expect(await kept(harness)).toEqual([id]);
    expect(await triggered(harness, BTC)).toBe('EXPOSURE');
    await harness.answer(aDenial(id));
    expect(await triggered(harness, BTC)).toBe('ENTERED');
    const told = harness.service.lines.filter(({ message }) =>
      message.startsWith('entry signals are lost without an answer'),
    );
    expect(told).toMatchObject([{ level: 'warn', fields: { signals: [id] } }]);
  });

  test('and that decision-logger had read is answered with the positions, and no longer stored', async () => {
    const { harness, id } = await unansweredEntry();
    await readAll(harness);
    await eventually('the entry again', () => harness.signals.length === 2);
    await harness.positions([], { executions: [aDenial(id)] });
    await eventually('the entry forgotten', async () => (await kept(harness)).length === 0);
    expect(await triggered(harness, BTC)).toBe('ENTERED');
  });

  test('of another run is ignored', async () => {
    const harness = await openEngineHarness({ settings: oneAtATime });
    await harness.service.bus.write((batch) =>
      batch.setField(Maps.unansweredEntries, 'x', { ...aSignal({ signal_id: 'x' }), run: `${RUN}-before` }),
    );
    const again = await harness.restart();
    expect(await triggered(again, BTC)).toBe('ENTERED');
  });
});
