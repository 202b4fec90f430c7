import { PaperVenue } from '@helios/core/paper/paper-venue.ts';
import { print, T0 } from '@helios/core/testing/simulated-orders.ts';
import type { Book, Level } from '@helios/shared/domain/market-data.ts';
import type { OrderIntent } from '@helios/shared/domain/order.ts';
import { CommandLineError } from '@helios/shared/runtime/cli/command-line.mjs';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { linearImpact, squareRootImpact } from './impact-model.ts';
import { modelsOf } from './models-of.ts';
import { FRONT_OF_QUEUE, LOG_QUEUE, powerQueue, RISK_AVERSE } from './queue-model.ts';
import { readVenueModels, USUAL_MODELS, venueModelsOf } from './read-venue-models.ts';

const FEES = { maker_fee: 0, taker_fee: 0, slippage_bp: 0 };

function bookAt(ts: number, bids: Level[]): Book {
  const asks: Level[] = [['101', '1']];
  return { type: 'book', symbol: 'BTCUSDT', ts_event: ts, ts_init: ts, last_update_id: ts, bids, asks };
}

/** A bid for 1 at 100 behind 10, and what is ahead of it after each step. */
function bidBehindTen(queue: typeof RISK_AVERSE) {
  const venue = new PaperVenue(FEES, venueModelsOf({ ...USUAL_MODELS, queue }));
  let ts = T0;
  let traded = 0;
  const ahead = () => (venue.queueAhead('bid') ?? Number.NaN) - traded;
  const show = (...bids: Level[]) => {
    ts += 100;
    const book = bookAt(ts, bids);
    venue.market.seeBook(book);
    venue.onBook(book);
    return ahead();
  };
  const trade = (qty: number) => {
    ts += 1;
    traded += qty;
    return [...venue.onTrade(print('100', ts, `${qty}`))].length;
  };
  show(['100', '10'], ['99', '50']);
  const intent = { symbol: 'BTCUSDT', action: 'BUY', order_type: 'LIMIT', price: 100, quantity: 1 } as OrderIntent;
  venue.submit({ clientOrderId: 'bid', intent, placedTs: ts, referencePrice: 100 });
  return { show, trade, ahead };
}

describe('the place in a queue', () => {
  test('risk-averse: neither joins nor cancels move it', () => {
    const { show, trade } = bidBehindTen(RISK_AVERSE);
    expect([show(['100', '14']), show(['100', '1']), trade(10), trade(0.9), trade(0.1)]).toEqual([10, 10, 0, 0, 1]);
  });

  test('power: cancels happen ahead and behind in proportion', () => {
    const { show } = bidBehindTen(powerQueue(1));
    // 4 join behind. Of 7 that leave, 7 × 4/14 = 2 were behind and 5 ahead.
    expect([show(['100', '14']), show(['100', '7'])]).toEqual([10, 5]);
  });

  test('power 2 and log: weigh the quantities', () => {
    const weighed = [powerQueue(2), LOG_QUEUE].map((queue) => {
      const { show } = bidBehindTen(queue);
      show(['100', '14']);
      return show(['100', '7']);
    });
    // 10 − (7 − 7 × 16/116), and 10 − (7 − 7 × ln 5 / (ln 5 + ln 11)).
    expect(weighed[0]).toBeCloseTo(3.965517241379, 12);
    expect(weighed[1]).toBeCloseTo(5.811362286659, 9);
  });

  test('a trade counts once: what it took was not cancelled', () => {
    const { show, trade } = bidBehindTen(powerQueue(1));
    show(['100', '14']);
    trade(3);
    // 14 − 3 traded − 4 cancelled = 7; of the 4, 4 × 4/11 were behind: 7 − (4 − 16/11) are ahead.
    expect(show(['100', '7'])).toBeCloseTo(7 - 28 / 11, 12);
  });

  test('a level that vanishes leaves nothing ahead; one that is out of sight changes nothing', () => {
    expect(bidBehindTen(LOG_QUEUE).show(['99', '5'])).toBe(0);
    expect(bidBehindTen(LOG_QUEUE).show(['101', '5'])).toBe(10);
  });

  test('front: the first trade at the limit fills', () => {
    expect(bidBehindTen(FRONT_OF_QUEUE).trade(1)).toBe(1);
  });
});

describe('the impact of a taker', () => {
  // 4 are visible on the asks, over a span of 2 %.
  const asks: Level[] = [
    ['100', '1'],
    ['101', '1'],
    ['102', '2'],
  ];
  const book = { bids: [['99.9', '5'] as Level], asks };
  const buy = (quantity: number, impact = linearImpact(0.1)) =>
    impact.model({ action: 'BUY', quantity, decidedPrice: 100 }, book, 0).price;

  test('is none up to the free share', () => expect([buy(0.4), buy(0.1)]).toEqual([100, 100]));

  test('grows with the excess, or with its root', () => {
    // 2 of 4 cost 100.5 on the levels. Linear: 2 % × (0.5 − 0.1). Root: 2 % × √(0.5 − 0.25).
    expect(buy(2)).toBeCloseTo(100.5 * 1.008, 10);
    expect(buy(2, squareRootImpact(0.25))).toBeCloseTo(100.5 * 1.01, 10);
  });

  test('takes the spread where one level shows no span', () => {
    const thin = { bids: [['99', '1'] as Level], asks: [['100', '1'] as Level] };
    const { price } = linearImpact(0.5).model({ action: 'SELL', quantity: 1, decidedPrice: 99 }, thin, 0);
    expect(price).toBeCloseTo(99 * (1 - 0.5 / 99), 10);
  });
});

describe('the options of the models', () => {
  const read = (...args: string[]) => readVenueModels(readCommandLine('backtest', args));

  test('are those of paper trading by default', () => expect(read()).toEqual(USUAL_MODELS));

  test('are named in the report', () => {
    const venueModels = read('--queue-model', 'front', '--impact', 'sqrt:5', '--partial-fills');
    const text = modelsOf({ settings: defaultSettings(), kind: 'KLINES', fundingRate: 0, assumed: [], venueModels });
    expect(text.join(' ')).toMatch(/above 5 % .* square-root impact.*OPTIMISTIC.*fills trade by trade/);
  });

  test.each([
    [['--queue-model', 'lucky'], 'risk-averse, power, power:N, log or front, not “lucky”'],
    [['--queue-model', 'power:0'], 'above 0 and at most 10'],
    [['--queue-model', 'log:2'], 'not “log:2”'],
    [['--impact', 'none'], 'walk, sqrt, sqrt:PERCENT'],
    [['--impact', 'sqrt:'], 'above 0 and at most 100'],
    [['--impact', 'constructor'], 'walk, sqrt, sqrt:PERCENT'],
    [['--queue-model', 'toString'], 'risk-averse, power'],
  ])('refuse %j', (args, message) => {
    expect(() => read(...args)).toThrow(CommandLineError);
    expect(() => read(...args)).toThrow(message);
  });
});
