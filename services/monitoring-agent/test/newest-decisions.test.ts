import { Lists } from '@helios/shared/contracts/catalog.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { expect, test } from 'vitest';
import { NewestDecisions } from '../src/metrics/newest-decisions.ts';

const decision = (id: string, outcome: Decision['outcome'] = 'OPENED'): Decision => ({
  ...{ decision_id: id, run: 'test-run', symbol: 'BTCUSDT', direction: 'LONG', outcome, timestamp: T0, ts_init: T0 },
  ...{ confidence: 0.5, nobi_value: -0.5, entry_price: 100, reason: 'x', model: 'none', origin: 'ENGINE' },
});

function aList() {
  const fake = createFakeRedis();
  const logger = fake.bus('decision-logger');
  const newest = new NewestDecisions(fake.bus('monitoring-agent'), Lists.decisionLogs);
  return {
    push: (...decisions: Decision[]) =>
      logger.write((batch) => {
        for (const one of decisions) batch.push(Lists.decisionLogs, one);
      }),
    replaceItem: (index: number, one: Decision) =>
      logger.write((batch) => batch.setItem(Lists.decisionLogs, index, one)),
    replaceAll: (all: Decision[]) => logger.write((batch) => batch.setList(Lists.decisionLogs, all)),
    read: async () => (await newest.read()).map(({ decision_id, outcome }) => `${decision_id} ${outcome}`),
    typed: (text: string) => fake.lists.get('decision_logs')?.unshift(text),
  };
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => decision(`d${from + i}`));
const opened = (from: number, to: number) =>
  numbered(from, to)
    .map(({ decision_id }) => `${decision_id} OPENED`)
    .toReversed();

test('each read gives the whole list: after few new entries, after many, after none', async () => {
  const { push, read } = aList();
  expect(await read()).toEqual([]);
  await push(...numbered(1, 70));
  expect(await read()).toEqual(opened(1, 70));
  await push(...numbered(71, 73));
  expect(await read()).toEqual(opened(1, 73));
  await push(...numbered(74, 200));
  expect(await read()).toEqual(opened(1, 200));
  expect(await read()).toEqual(opened(1, 200));
});

test('it has as many entries as the list', async () => {
  const { push, read } = aList();
  await push(...numbered(1, 498));
  await read();
  await push(...numbered(499, 505));
  expect(await read()).toEqual(opened(6, 505));
});

test('an order that rested far down in the list gets its outcome as soon as that is known', async () => {
  const { push, read, replaceItem } = aList();
  await push(decision('first'), decision('resting', 'RESTING'), ...numbered(1, 60));
  await read();
  await push(...numbered(61, 62));
  await replaceItem(62, decision('resting', 'MISSED'));
  expect(await read()).toEqual([...opened(1, 62), 'resting MISSED', 'first OPENED']);
});

test('a list that was reset, rewritten or has expired is read again, and a malformed entry costs only that entry', async () => {
  const { push, read, replaceAll, typed } = aList();
  await push(...numbered(1, 30));
  await read();
  typed('no json');
  await push(...numbered(31, 32));
  expect(await read()).toEqual(opened(1, 32));
  await replaceAll(numbered(1, 2).toReversed());
  expect(await read()).toEqual(opened(1, 2));
  await replaceAll([]);
  expect(await read()).toEqual([]);
  await push(decision('new'));
  expect(await read()).toEqual(['new OPENED']);
});
