import type { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

/** Lines waiting for a reader that stands still, characters; beyond it the newest are dropped and counted. */
const MAX_WAITING = 1_000_000;
/** Room beyond that for the line that says why a process ends. */
const ROOM_FOR_LAST_WORDS = 100_000;
const FLUSH_POLL_MS = 5;

/** Lines on their way to a terminal, a pipe or a file. Writing never waits for who reads them. */
export interface LineOutput {
  /** Takes text that ends in a line break. Dropped and counted while too much waits for the reader. */
  write(text: string): void;
  /** As `write`, with room that only the last words of a process have. */
  writeLastWords(text: string): void;
  /** Resolves once the reader has taken everything, after `withinMs` at the latest. */
  flushed(withinMs: number): Promise<void>;
}

/**
 * Writes lines to `stream` without waiting for it. A terminal is switched to non-blocking writes: Ctrl-S would hold up the process.
 * @param onDropped called with their number once the reader has taken all that waited, so that a line can say so
 */
export function createLineOutput(
  stream: Writable,
  onDropped: (lines: number) => void,
  maxWaiting = MAX_WAITING,
): LineOutput {
  let dropped = 0;
  switchToNonBlocking(stream);
  // Nobody reads any more (EPIPE): lines are lost then, and the process goes on.
  stream.on('error', () => {});
  stream.on('drain', () => {
    const lines = dropped;
    dropped = 0;
    if (lines > 0) onDropped(lines);
  });

  /** Only what waits counts, not the line: so there is always a `drain` to come where one was dropped. */
  function writeWithin(limit: number, text: string): void {
    if (stream.writableLength > limit) dropped += 1;
    else stream.write(text);
  }

  return {
    write(text) {
      // What is dropped is one gap: no line comes before the one that says how many are missing.
      if (dropped > 0) dropped += 1;
      else writeWithin(maxWaiting, text);
    },
    writeLastWords: (text) => writeWithin(maxWaiting + ROOM_FOR_LAST_WORDS, text),
    async flushed(withinMs) {
      const deadline = performance.now() + withinMs;
      while (stream.writableLength > 0 && performance.now() < deadline) await pause(FLUSH_POLL_MS);
    },
  };
}

/** Node writes to a pipe without blocking, but to a terminal with: nothing public changes that. */
function switchToNonBlocking(stream: Writable): void {
  const { _handle } = stream as { _handle?: { setBlocking?: (blocking: boolean) => number } };
  _handle?.setBlocking?.(false);
}
