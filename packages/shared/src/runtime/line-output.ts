import type { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

/** Maximum characters that wait for a blocked reader. Beyond it new lines are dropped and counted. */
const MAX_WAITING = 1_000_000;
/** Extra characters for the line that says why a process ends. */
const LAST_LINE_ROOM = 100_000;
const FLUSH_POLL_MS = 5;

/** Writes lines to a terminal, a pipe or a file, without waiting for the reader. */
export interface LineOutput {
  /** Writes text that ends in a line break. Drops and counts it while too much waits for the reader. */
  write(text: string): void;
  /** As `write`, with the extra room for the last line of a process. */
  writeLastLine(text: string): void;
  /** Resolves once the reader has read everything, after `withinMs` at the latest. */
  flushed(withinMs: number): Promise<void>;
}

/**
 * Writes lines to `stream` without waiting for it. Switches a terminal to non-blocking writes, so that Ctrl-S does not block
 * the process.
 * @param onDropped called with the number of dropped lines once the reader has read all that waited
 */
export function createLineOutput(
  stream: Writable,
  onDropped: (lines: number) => void,
  maxWaiting = MAX_WAITING,
): LineOutput {
  let dropped = 0;
  switchToNonBlocking(stream);
  // The reader is gone (EPIPE): lines are lost, and the process continues.
  stream.on('error', () => {});
  stream.on('drain', () => {
    const lines = dropped;
    dropped = 0;
    if (lines > 0) onDropped(lines);
  });

  /** Counts only waiting characters, not the new line, so that a `drain` always follows a dropped line. */
  function writeWithin(limit: number, text: string): void {
    if (stream.writableLength > limit) dropped += 1;
    else stream.write(text);
  }

  return {
    write(text) {
      // Drop all lines until `onDropped` has reported the gap.
      if (dropped > 0) dropped += 1;
      else writeWithin(maxWaiting, text);
    },
    writeLastLine: (text) => writeWithin(maxWaiting + LAST_LINE_ROOM, text),
    async flushed(withinMs) {
      const deadline = performance.now() + withinMs;
      while (stream.writableLength > 0 && performance.now() < deadline) await pause(FLUSH_POLL_MS);
    },
  };
}

/** Node blocks when it writes to a terminal, and has no public function to change that. */
function switchToNonBlocking(stream: Writable): void {
  const { _handle } = stream as { _handle?: { setBlocking?: (blocking: boolean) => number } };
  _handle?.setBlocking?.(false);
}
