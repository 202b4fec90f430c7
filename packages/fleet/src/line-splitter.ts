/** Maximum length of a line; the rest is cut off, so that a faulty process cannot fill the memory. */
const MAX_LINE = 64_000;

/** Splits chunks of text into lines; `end` hands on a last line without a line break. */
export function createLineSplitter(onLine: (line: string) => void): { push(chunk: string): void; end(): void } {
  let rest = '';
  let cutting = false;
  function emit(line: string): void {
    if (!cutting && line.trim() !== '') onLine(line);
    cutting = false;
  }
  return {
    push(chunk) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) emit(line);
      if (rest.length <= MAX_LINE) return;
      if (!cutting) onLine(rest.slice(0, MAX_LINE));
      cutting = true;
      rest = '';
    },
    end() {
      emit(rest);
      rest = '';
    },
  };
}
