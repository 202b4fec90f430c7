import type { Writable } from 'node:stream';
import { printableLines } from '@helios/shared/runtime/cli/printable.ts';
import { createLineOutput } from '@helios/shared/runtime/line-output.ts';

/** A terminal that stands still (Ctrl-S) keeps the supervisor no longer than this from its end. */
export const READ_WITHIN_MS = 2_000;

/** Where the supervisor shows lines to the operator. It never waits for them to be read; control characters are shown as escapes. */
export interface OperatorConsole {
  show(line: string): void;
}

/** Lines that nobody read are dropped beyond a megabyte; the first line after them says how many. */
export function openConsole(stream: Writable = process.stdout): OperatorConsole {
  const output = createLineOutput(stream, (lines) =>
    output.write(`(${lines} lines were not shown here, because nobody read them. npm run logs shows them.)\n`),
  );
  return { show: (line) => output.write(`${printableLines(line)}\n`) };
}
