const HUGE_BYTES = 8 * 1024 * 1024;

/** A wrong text instead of a right one: no JSON, only its first half, or a very long text. */
export function garble(what: 'text' | 'half' | 'huge', text: string): string {
  if (what === 'text') return `<${text.length}>{"e":\u0000,,[NaN`;
  return what === 'half'
    ? text.slice(0, Math.floor(text.length / 2))
    : JSON.stringify({ data: 'x'.repeat(HUGE_BYTES) });
}
