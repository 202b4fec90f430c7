const HUGE_BYTES = 8 * 1024 * 1024;

/** What comes in place of a right text: none that is JSON, its first half, or a very long one. */
export function garble(what: 'text' | 'half' | 'huge', text: string): string {
  if (what === 'text') return `<${text.length}>{"e":\u0000,,[NaN`;
  return what === 'half'
    ? text.slice(0, Math.floor(text.length / 2))
    : JSON.stringify({ data: 'x'.repeat(HUGE_BYTES) });
}
