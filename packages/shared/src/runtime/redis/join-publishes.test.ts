import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RedisCommand } from './batch.ts';
import { joinPublishes } from './join-publishes.ts';

const publish: fc.Arbitrary<RedisCommand> = fc.tuple(fc.constant('publish'), fc.string(), fc.string());
const store: fc.Arbitrary<RedisCommand> = fc.tuple(fc.constant('set'), fc.string(), fc.string());

/** The commands that Redis executes, those of a script call one by one. */
function executed(commands: readonly RedisCommand[]): RedisCommand[] {
  return commands.flatMap(([name, ...args]): RedisCommand[] => {
    if (name !== 'eval') return [[name, ...args]];
    const messages = args.slice(2);
    return messages.flatMap((channel, i): RedisCommand[] =>
      i % 2 === 0 ? [['publish', channel, messages[i + 1] ?? '']] : [],
    );
  });
}

test('any batch has the same commands in the same order, with no two publishes side by side', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(publish, store)), (commands) => {
      const joined = joinPublishes(commands);
      expect(executed(joined)).toEqual(commands);
      const names = joined.map(([name]) => (name === 'set' ? 'set' : 'news'));
      expect(names.some((name, i) => name === 'news' && names[i + 1] === 'news')).toBe(false);
    }),
  );
});

test('a single publish stays a plain command, and the given commands are not changed', () => {
  const commands: RedisCommand[] = [
    ['publish', 'a', '1'],
    ['set', 'k', 'v'],
    ['publish', 'b', '2'],
    ['publish', 'c', '3'],
  ];
  const before = structuredClone(commands);
  expect(joinPublishes(commands).map(([name]) => name)).toEqual(['publish', 'set', 'eval']);
  expect(commands).toEqual(before);
});
