const MAX_NAMED_SYMBOLS = 5;

/** Where a model gives a probability, as text without its subject: `may speak on BTCUSDT and 2 more alone`. */
export function scopeText(scope: 'ALL' | readonly string[]): string {
  if (scope === 'ALL') return 'may speak on every symbol';
  if (scope.length === 0) return 'may speak on no symbol';
  const named = scope.slice(0, MAX_NAMED_SYMBOLS).join(', ');
  const more = scope.length - MAX_NAMED_SYMBOLS;
  return `may speak on ${named}${more > 0 ? ` and ${more} more` : ''} alone`;
}
