import { expect, it } from 'vitest';
import type { RestFailure, RestFailureCode } from '../rest/rest-answer.ts';
import { outcomeOf } from './request-outcome.ts';

const failure = (code: RestFailureCode, serverCode?: number): RestFailure => ({
  ...{ kind: 'FAILURE', code, detail: 'd', advice: 'a' },
  ...(serverCode === undefined ? {} : { serverCode }),
});

it('an answered request is done, with both times', () => {
  expect(outcomeOf({ kind: 'OK', value: 1, tsSent: 2, tsReceived: 3 })).toEqual({
    ...{ kind: 'DONE', value: 1, tsSent: 2, tsReceived: 3 },
  });
});

it.each<[RestFailureCode, number | undefined, string]>([
  ['REJECTED', -2019, 'REFUSED'],
  ['REJECTED', -2011, 'REFUSED'],
  ['REJECTED', undefined, 'REFUSED'],
  ['REJECTED', -2022, 'REFUSED'],
  ['REJECTED', -1000, 'UNKNOWN'],
  ['REJECTED', -1001, 'UNKNOWN'],
  ['REJECTED', -4116, 'UNKNOWN'],
  ['REJECTED', -1006, 'UNKNOWN'],
  ['REJECTED', -1007, 'UNKNOWN'],
  ['DOWN', -1007, 'UNKNOWN'],
  ['DOWN', -1000, 'UNKNOWN'],
  ['DOWN', undefined, 'UNKNOWN'],
  ['GARBAGE', undefined, 'UNKNOWN'],
  ['DOWN', -1008, 'NOT_SENT'],
  ['REJECTED', -1008, 'NOT_SENT'],
  ['REJECTED', -1021, 'NOT_SENT'],
  ['REJECTED', -1015, 'NOT_SENT'],
  ['DOWN', -1016, 'NOT_SENT'],
  ['LIMITED', -1003, 'NOT_SENT'],
  ['BANNED', -1003, 'NOT_SENT'],
  ['GEO_BLOCKED', undefined, 'NOT_SENT'],
])('%s with the code %s is %s', (code, serverCode, kind) => {
  expect(outcomeOf(failure(code, serverCode)).kind).toBe(kind);
});

it('a request without a connection was not sent', () => {
  expect(outcomeOf({ ...failure('DOWN'), isUnsent: true }).kind).toBe('NOT_SENT');
});
