import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readServerText, streamNameOf } from './server-text.ts';

test.each([
  ['{"result":null,"id":3}', { kind: 'ACCEPTED', id: 3 }],
  ['{"error":{"code":2,"msg":"Invalid request"},"id":3}', { kind: 'REFUSED', id: 3, words: '2 Invalid request' }],
  ['{"code":4,"msg":"Too many subscriptions","id":3}', { kind: 'REFUSED', id: 3, words: '4 Too many subscriptions' }],
  ['{"error":{"code":3,"msg":"x"}}', { kind: 'REFUSED', id: undefined, words: '3 x' }],
  ['{"e":"serverShutdown","E":1}', { kind: 'SHUTDOWN' }],
  ['{"stream":"!x","data":{"e":"serverShutdown"}}', { kind: 'SHUTDOWN' }],
  ['{"event":{"e":"serverShutdown","E":1}}', { kind: 'SHUTDOWN' }],
  ['{ "stream":"a@trade","data":{}}', { kind: 'OTHER', stream: 'a@trade' }],
  ['{"id":3}', { kind: 'OTHER', stream: undefined }],
  ['{"id":"3","result":null}', { kind: 'OTHER', stream: undefined }],
  ['[1]', { kind: 'OTHER', stream: undefined }],
  ['null', { kind: 'OTHER', stream: undefined }],
  ['{"stream":', { kind: 'OTHER', stream: undefined }],
])('%s', (text, meaning) => {
  expect(readServerText(text)).toEqual(meaning);
});

test('the stream name comes from the wrapper, whatever the data', () => {
  expect(streamNameOf('{"stream":"btcusdt@depth@100ms","data":{"stream":"x"}}')).toBe('btcusdt@depth@100ms');
  expect(streamNameOf('{"stream":"btcusdt')).toBeUndefined();
  expect(streamNameOf('{"result":null,"id":1}')).toBeUndefined();
  fc.assert(
    fc.property(fc.string(), (text) => {
      streamNameOf(text);
      readServerText(text);
    }),
  );
});
