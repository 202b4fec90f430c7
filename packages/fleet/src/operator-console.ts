import type { Writable } from 'node:stream';
import { printableLines } from '@helios/shared/runtime/cli/printable.ts';
import { createLineOutput } from '@helios/shared/runtime/line-output.ts';

/** Maximum time that a stopped terminal (Ctrl-S) delays the end of the supervisor, ms. */
export const READ_WITHIN_MS = 2_000;

/** Shows the supervisor's lines to the operator. It never waits for a reader; control characters appear as escapes. */
export interface OperatorConsole {
  show(line: string): void;
}

/** Drops unread lines beyond a megabyte; the next line says how many. */
export function openConsole(stream: Writable = process.stdout): OperatorConsole {
  const output = createLineOutput(stream, (lines) =>
    output.write(`(${lines} lines were not shown here, because this terminal was stopped. npm run logs shows them.)\n`),
  );
  return { show: (line) => output.write(`${printableLines(line)}\n`) };
}
