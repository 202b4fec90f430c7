import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { record } from '../contracts/entry.ts';
import { decodeRecord, encodeRecord } from './record-codec.ts';

const Everything = z.strictObject({
  text: z.string(),
  choice: z.enum(['true', '1', 'null']),
  literal: z.literal('on').optional(),
  number: z.number(),
  flag: z.boolean(),
  maybe: z.string().optional(),
  fallback: z.string().default('x'),
  mixed: z.union([z.string(), z.number()]),
  nullable: z.string().nullable(),
  list: z.array(z.string()),
  object: z.strictObject({ a: z.number(), b: z.array(z.string()) }).optional(),
});
const entry = record({ name: 'everything', schema: Everything, writers: ['fleet'], readers: ['fleet'], about: '' });

const awkward = fc.oneof(fc.string(), fc.constantFrom('1', '007', 'true', 'null', '{}', '"', '1e5', ''));

test('any document is the same after a round trip, whatever its strings contain', () => {
  const documents = fc.record(
    {
      text: awkward,
      choice: fc.constantFrom('true', '1', 'null'),
      literal: fc.constant('on'),
      number: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => !Object.is(x, -0)),
      flag: fc.boolean(),
      maybe: awkward,
      fallback: awkward,
      mixed: fc.oneof(awkward, fc.integer()),
      nullable: fc.constant('text'),
      list: fc.array(awkward),
      object: fc.record({ a: fc.integer(), b: fc.array(awkward) }),
    },
    { requiredKeys: ['text', 'choice', 'number', 'flag', 'fallback', 'mixed', 'nullable', 'list'] },
  );
  fc.assert(
    fc.property(documents, (document) => {
      expect(decodeRecord(entry, encodeRecord(entry, document))).toEqual(document);
    }),
  );
});

test('absent and undefined fields are left out', () => {
  expect(encodeRecord(entry, { text: 'a', maybe: undefined })).toEqual({ text: 'a' });
});

test('a field that somebody typed reaches the schema as text, and the schema rejects it', () => {
  const raw = decodeRecord(entry, { number: 'not a number', foreign: '1' });
  expect(raw).toEqual({ number: 'not a number', foreign: '1' });
  expect(Everything.safeParse(raw).success).toBe(false);
});

test('a record entry without an object schema is an error', () => {
  const wrong = record({
    name: 'wrong',
    schema: z.array(z.string()),
    writers: ['fleet'],
    readers: ['fleet'],
    about: '',
  });
  expect(() => encodeRecord(wrong, [])).toThrow('wrong: a record needs an object schema');
});
