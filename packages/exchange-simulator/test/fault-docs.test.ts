import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Fault } from '../src/faults/fault.ts';
import { type RunningExchange, startExchange } from '../src/start-exchange.ts';
import { get } from './venue-client.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/local-exchange.md'), 'utf8');

test('the documentation lists exactly the existing faults', () => {
  const table = page.slice(page.indexOf('| fault |'), page.indexOf('`POST /control/actions`'));
  const documented = table
    .split('\n')
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([a-z-]+)`/g)].map(([, name]) => name));
  const known = Fault.options.flatMap(({ shape }) => [...shape.fault.values]);
  expect(documented.toSorted()).toEqual(known.toSorted());
});

test('the documentation states the limits of a jump, and they are enforced', () => {
  const [, above, most] = /prices `percent` away \(above −(\d+), at most ([\d,]+)\)/.exec(page) ?? [];
  const takes = (percent: number) => Fault.safeParse({ fault: 'jump', symbol: 'BTCUSDT', percent }).success;
  const [low, high] = [-Number(above), Number(most?.replace(',', ''))];
  expect([low, high]).toEqual([-100, 1_000]);
  expect([takes(low), takes(low + 0.1), takes(high), takes(high + 0.1)]).toEqual([false, true, true, false]);
});

describe('the table of failures', () => {
  const rows = page
    .slice(page.indexOf('### Failures'))
    .split('\n')
    .filter((line) => /^\| F\d/.test(line));
  const examples = rows.flatMap((row) =>
    [...row.matchAll(/\b([FA]) `([[{].*?[}\]])`/g)].map(([, where = '', body = '']) => ({ where, body })),
  );
  let venue: RunningExchange;

  beforeAll(async () => {
    const key = { apiKey: 'K'.repeat(64), apiSecret: 'S'.repeat(64) };
    venue = await startExchange({ market: { kind: 'generator', symbols: ['BTCUSDT'] }, key });
    return () => venue.stop();
  });

  test('has every row from F1 to F50 once', () => {
    const numbers = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/F(\d+)/g)].map(([, of]) => Number(of)),
    );
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });

  test('has an example, or a reason, in every row', () => {
    expect(examples.length).toBeGreaterThan(35);
    for (const row of rows) expect(row.split('|')[3]?.trim()).not.toBe('');
  });

  test('every row that a venue can cause is met by a foreign client', () => {
    const foreign = join(import.meta.dirname, 'foreign');
    const files = readdirSync(foreign).filter((name) => /^faults-of-.*\.test\.ts$/.test(name));
    const titles = files.flatMap((name) => [
      ...readFileSync(join(foreign, name), 'utf8').matchAll(/^test\('(F\d+):/gm),
    ]);
    const caused = rows
      .filter((row) => !row.includes('not a matter of a venue'))
      .flatMap((row) => (row.split('|')[1] ?? '').split(',').map((id) => id.trim()));
    expect(titles.map(([, id]) => id).sort()).toEqual(caused.sort());
  });

  test.each(examples)('the endpoint accepts $where $body', async ({ where, body }) => {
    await venue.setFaults([]);
    const path = where === 'F' ? '/control/faults' : '/control/actions';
    const got = await get({ url: venue.controlUrl }, path, { method: 'POST', body });
    // A reduce-only order or a liquidation needs a position, a listen key must exist: the venue's answer shows that the form was right.
    const isRefusedByState = /reduce_only|expire-listen-key|liquidate|deleverage/.test(body) && got.status === 400;
    if (isRefusedByState) expect(got.body.error).toMatch(/-2022|has no listen key|has no position/);
    else expect([got.status, got.text]).toEqual([200, expect.any(String)]);
  });
});
