import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The packages whose code a trial runs. */
const PACKAGES = ['shared', 'core', 'binance', 'market-data', 'synthetic-market', 'backtest', 'research'];

/** SHA-256 of the source files that can change the result of a trial, hex. A change of a report counts, too; one of a test does not. */
export function codeHash(root: string = resolve(import.meta.dirname, '../../..')): string {
  const hash = createHash('sha256');
  for (const name of PACKAGES) {
    const folder = join(root, 'packages', name, 'src');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(isSource).sort();
    for (const file of files) {
      const content = readFileSync(join(folder, file));
      hash.update(`${name}/${file} ${content.length}\n`).update(content);
    }
  }
  return hash.digest('hex');
}

function isSource(file: string): boolean {
  return /\.(?:ts|mjs)$/.test(file) && !/\.test\.ts$|(?:^|\/)testing\//.test(file);
}
