import { expect, test } from 'vitest';
import { LiveTrader } from './live-trader.ts';

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 2])(
  'F47 a confidence of %s, as a broken model gives it, becomes no order, and the next signal trades',
  async (confidence) => {
    const trader = await LiveTrader.start();
    const broken = await trader.enter({ signal: { confidence } });
    const good = await trader.enter({ signal: { confidence: 0.6 } });
    expect(await trader.untilAnswered(good)).toMatchObject({ answer: 'FILLED' });
    await trader.untilCovered();
    await trader.exit({ signal: { confidence } });
    expect(await trader.untilAnswered(await trader.exit())).toMatchObject({ answer: 'FILLED' });
    await trader.untilFlat();
    expect((await trader.venue.ordersTaken()).size).toBe(2);
    expect((await trader.executions()).some(({ signal_id }) => signal_id === broken)).toBe(false);
  },
  60_000,
);
