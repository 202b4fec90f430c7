/** Text as HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A coordinate or percentage with few digits, so that the page stays small. */
export function coordinate(value: number): string {
  return String(Number(value.toFixed(2)) + 0);
}
