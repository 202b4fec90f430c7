import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { expect, test } from 'vitest';
import { FeedLog } from './feed-log.ts';

test('overlapping recordings are a warning, and no bad line', () => {
  const log = createRecordingLog();
  const feedLog = new FeedLog(log);
  feedLog.onFault({ kind: 'OVERLAPPING_FILES', file: 'b.gz', line: 1, detail: 'it begins 12 s before a.gz ends' });
  expect(log.lines).toEqual([
    {
      level: 'warn',
      fields: { file: 'b.gz', detail: 'it begins 12 s before a.gz ends' },
      message: 'recordings overlap, so their common part plays twice; name only one of them',
    },
  ]);
  expect(feedLog.badLines).toBe(0);
});

test('a file that breaks off is stored with its last readable line, for the summary', () => {
  const feedLog = new FeedLog(createRecordingLog());
  const detail = 'the gzip ends too early';
  feedLog.onFault({ kind: 'TRUNCATED_FILE', file: 'cut.gz', line: 801, detail });
  feedLog.onFault({ kind: 'BAD_LINE', file: 'b.gz', line: 3, detail: 'no JSON' });
  expect(feedLog.brokenOff).toEqual([{ file: 'cut.gz', line: 801, detail }]);
  expect(feedLog.badLines).toBe(2);
});
