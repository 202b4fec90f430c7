import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const EXPORTED = /^export (?:abstract |async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm;

/** Each name that several files declare and export, with these files. A schema and its type share a name and a file. */
function repeatedNames(sources: ReadonlyMap<string, string>): Record<string, string[]> {
  const files = new Map<string, Set<string>>();
  for (const [file, text] of sources) {
    for (const [, name = ''] of text.matchAll(EXPORTED)) files.set(name, (files.get(name) ?? new Set()).add(file));
  }
  const repeated = [...files].filter(([, declaring]) => declaring.size > 1);
  return Object.fromEntries(repeated.map(([name, declaring]) => [name, [...declaring].toSorted()]));
}

test('no two exported things of the product share a name', () => {
  const files = globSync('{packages,services}/*/src/**/*.{ts,mjs}', { cwd: ROOT });
  const product = files.filter((file) => !/\.test\.ts$|\/testing\//.test(file));
  expect(product.length).toBeGreaterThan(500);
  expect(repeatedNames(new Map(product.map((file) => [file, readFileSync(resolve(ROOT, file), 'utf8')])))).toEqual({});
});

test('a name counts once per file, whatever is declared with it', () => {
  const sources = new Map([
    ['order.ts', 'export const Order = z.string();\nexport type Order = z.infer<typeof Order>;\nconst Fill = 1;'],
    ['fill.ts', 'export async function send() {}\nexport abstract class Fill {}\nexport { Order } from "./order.ts";'],
    ['door.ts', 'export function* send() {}\n'],
  ]);
  expect(repeatedNames(sources)).toEqual({ send: ['door.ts', 'fill.ts'] });
});
