import { expect, test } from 'vitest';
import { createRecordingLog } from '../testing/silent-log.ts';
import { createThrottledLog } from './throttled-log.ts';

function aLog() {
  const log = createRecordingLog();
  const time = { ms: 1_000_000 };
  const throttled = createThrottledLog(log, () => time.ms, 1_000);
  return {
    throttled,
    time,
    said: () => log.lines.map(({ level, fields }) => [level, fields['n'], fields['unlogged']]),
  };
}

test('each kind gets one line per interval, with the number of lines left out before it', () => {
  const { throttled, time, said } = aLog();
  for (const n of [1, 2, 3]) throttled.warn('gap', { n }, 'a gap');
  time.ms += 999;
  throttled.warn('gap', { n: 4 }, 'a gap');
  time.ms += 1;
  throttled.warn('gap', { n: 5 }, 'a gap');
  time.ms += 1_000;
  throttled.warn('gap', { n: 6 }, 'a gap');
  expect(said()).toEqual([
    ['warn', 1, 0],
    ['warn', 5, 3],
    ['warn', 6, 0],
  ]);
});

test('another kind has its own line, at its own level', () => {
  const { throttled, said } = aLog();
  throttled.warn('gap', { n: 1 }, 'a gap');
  throttled.error('fault', { n: 2 }, 'a fault');
  throttled.error('fault', { n: 3 }, 'a fault');
  expect(said()).toEqual([
    ['warn', 1, 0],
    ['error', 2, 0],
  ]);
});

test('a clock that was set back ends the interval', () => {
  const { throttled, time, said } = aLog();
  throttled.warn('gap', { n: 1 }, 'a gap');
  time.ms -= 3_600_000;
  throttled.warn('gap', { n: 2 }, 'a gap');
  expect(said()).toEqual([
    ['warn', 1, 0],
    ['warn', 2, 0],
  ]);
});
