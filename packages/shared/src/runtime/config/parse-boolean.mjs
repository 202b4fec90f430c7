const TRUE = ['true', 'yes', 'on', '1'];
const FALSE = ['false', 'no', 'off', '0'];

/**
 * true/false, yes/no, on/off, 1/0 in any case.
 * @param {string} raw
 * @returns {{ readonly value: boolean } | { readonly what: string, readonly fix: string }}
 */
export function parseBoolean(raw) {
  const word = raw.toLowerCase();
  if (TRUE.includes(word)) return { value: true };
  if (FALSE.includes(word)) return { value: false };
  return { what: `"${raw}" is neither true nor false`, fix: 'Write true or false' };
}
