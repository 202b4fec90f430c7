import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const CHUNK_BYTES = 1 << 20;

/** One line of a file; `isWhole` is false for a last line without its line end. */
export interface FileLine {
  readonly text: string;
  readonly isWhole: boolean;
}

/** The lines of a file, read as they are needed. @throws the system's error if it cannot be read */
export function* fileLines(path: string): Generator<FileLine> {
  const file = openSync(path, 'r');
  try {
    const [chunk, decoder] = [Buffer.alloc(CHUNK_BYTES), new StringDecoder('utf8')];
    let rest = '';
    for (let bytes = readSync(file, chunk); bytes > 0; bytes = readSync(file, chunk)) {
      const lines = (rest + decoder.write(chunk.subarray(0, bytes))).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) yield { text, isWhole: true };
    }
    rest += decoder.end();
    if (rest !== '') yield { text: rest, isWhole: false };
  } finally {
    closeSync(file);
  }
}
