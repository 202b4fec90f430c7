/**
 * A value, or what is wrong with its quoting.
 * @typedef {{ readonly value: string } | { readonly what: string, readonly fix: string }} Unquoted
 */

/**
 * Removes quotes and comment from the text after the `=`. A comment begins with one of `commentSigns` after white space;
 * without white space the sign belongs to the value. Text between quotes is kept unchanged. There are no escapes, so that
 * Windows paths and secrets need none. The closing quote is the first one at the end of the line or before a comment.
 * @param {string} raw
 * @param {string} commentSigns
 * @returns {Unquoted}
 */
export function unquote(raw, commentSigns) {
  const trimmed = raw.trim();
  const quote = trimmed[0];
  if (quote !== '"' && quote !== "'") return unquoted(raw, commentSigns);
  for (let end = trimmed.indexOf(quote, 1); end !== -1; end = trimmed.indexOf(quote, end + 1)) {
    if (withoutComment(trimmed.slice(end + 1), commentSigns) === '') return { value: trimmed.slice(1, end) };
  }
  return {
    what: `the value begins with ${quote} but has no closing ${quote}`,
    fix: `Close the quote, or put the whole value between ${quote === '"' ? "'…'" : '"…"'} if ${quote} is part of it`,
  };
}

/**
 * The text from which `unquote` returns the value; undefined if no quoting works, or for several lines.
 * @param {string} value
 * @param {string} commentSigns
 * @returns {string | undefined}
 */
export function quoted(value, commentSigns) {
  if (/[\r\n]/.test(value)) return undefined;
  return [value, `"${value}"`, `'${value}'`].find((written) => {
    const read = unquote(` ${written}`, commentSigns);
    return 'value' in read && read.value === value;
  });
}

/**
 * @param {string} raw
 * @param {string} commentSigns
 * @returns {Unquoted}
 */
function unquoted(raw, commentSigns) {
  const value = withoutComment(raw, commentSigns);
  const comment = value === '' ? raw.trim() : '';
  if (comment.length < 2 || /\s/.test(comment)) return { value };
  // A single word may be a comment or a secret that begins with the sign. Ask instead of silently dropping a secret.
  return {
    what: `is the word after ${comment[0]} a comment or the value?`,
    fix: `Put it between '…' if it is the value, or a space after ${comment[0]} if it is a comment`,
  };
}

/**
 * @param {string} raw
 * @param {string} commentSigns
 */
function withoutComment(raw, commentSigns) {
  for (let at = 1; at < raw.length; at++) {
    if (commentSigns.includes(raw[at] ?? ' ') && /\s/.test(raw[at - 1] ?? '')) return raw.slice(0, at).trim();
  }
  return raw.trim();
}
