import { existsSync, readFileSync, truncateSync } from 'node:fs';

/** The whole lines of a file; none if it is missing. Cuts off a last line without its end: a killed writer left it. */
export function completeLines(path: string): string[] {
  if (!existsSync(path)) return [];
  const content = readFileSync(path);
  const end = content.lastIndexOf(0x0a) + 1;
  if (end < content.length) truncateSync(path, end);
  return content.toString('utf8', 0, end).split('\n').slice(0, -1);
}
