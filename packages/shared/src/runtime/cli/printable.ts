/** What moves a cursor, clears a screen, begins a line, or turns the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text of others, fit for a terminal: control characters are shown as escapes (`\u001b`, `\n`), as JSON writes them. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (char) => {
    return NAMED[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** As `printable`, for a text of ours with several lines: its line breaks stay. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
