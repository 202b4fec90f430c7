import { describe, expect, it } from 'vitest';
import { Execution, isFinal } from './execution.ts';

const answered = {
  execution_id: 'signal-1#END',
  run: 'test-run',
  signal_id: 'signal-1',
  symbol: 'BTCUSDT',
  side: 'LONG',
  purpose: 'ENTRY',
  ts_event: 1,
  ts_init: 2,
};
const fill = { trade_id: 'sim-1#1', price: 100, quantity: 1, fee: 0.04, liquidity: 'TAKER', slippage: 0 };
const details = {
  DENIED: { denial: { code: 'NO_POSITION', value: 0, limit: 1 } },
  REJECTED: { reason: 'margin is insufficient' },
  OPEN: { order: { price: 100, quantity: 1, expires_ts: 3 } },
  PARTIALLY_FILLED: { fill },
  FILLED: { fill },
  EXPIRED: { reason: 'not filled within 30 s' },
  CANCELLED: { reason: 'cancelled by an exit' },
};
const answers = Object.entries(details);

describe('an execution', () => {
  it.each(answers)('%s is valid with its own fields', (answer, detail) => {
    expect(Execution.parse({ ...answered, answer, ...detail })).toEqual({ ...answered, answer, ...detail });
  });

  it.each(answers)('%s is invalid without its details, or with those of another answer', (answer, detail) => {
    const foreign = 'fill' in detail ? details.OPEN : details.FILLED;
    expect(Execution.safeParse({ ...answered, answer }).success).toBe(false);
    expect(Execution.safeParse({ ...answered, answer, ...detail, ...foreign }).success).toBe(false);
  });

  it('is final unless another answer may follow', () => {
    const open = Execution.options.map(({ shape }) => shape.answer.value).filter((answer) => !isFinal(answer));
    expect(open).toEqual(['OPEN', 'PARTIALLY_FILLED']);
  });
});
