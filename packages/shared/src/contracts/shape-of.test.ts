import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { shapeOf } from './shape-of.ts';

describe('shapeOf', () => {
  it('writes one field per line, and marks optional fields', () => {
    const schema = z.strictObject({
      side: z.enum(['LONG', 'SHORT']),
      price: z.string().regex(/^-?\d+(\.\d+)?$/),
      note: z.string().optional(),
      levels: z.array(z.tuple([z.string(), z.number().int()])),
      marks: z.array(z.enum(['A', 'B'])),
      inner: z.strictObject({ at: z.number(), ok: z.boolean().optional() }),
    });
    expect(shapeOf(schema)).toBe(
      [
        '{',
        '  side: LONG | SHORT',
        '  price: decimal string',
        '  note?: string',
        '  levels: [string, integer][]',
        '  marks: (A | B)[]',
        '  inner: { at: number, ok?: boolean }',
        '}',
      ].join('\n'),
    );
  });

  it('writes alternatives one after the other, and a plain value as its type', () => {
    const schema = z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('a'), x: z.number() }),
      z.strictObject({ kind: z.literal('b'), y: z.union([z.string(), z.literal('max')]) }),
    ]);
    expect(shapeOf(schema)).toBe('{\n  kind: a\n  x: number\n}\nor\n{\n  kind: b\n  y: string | max\n}');
    expect(shapeOf(z.string())).toBe('string');
    expect(shapeOf(z.record(z.string(), z.number()))).toBe('{ [name]: number }');
  });
});
