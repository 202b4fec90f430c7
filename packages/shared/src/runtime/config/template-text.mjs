const VERBS =
  'change|replace|insert|paste|enter|choose|set|put|your|my|example|sample|dummy|placeholder|todo|here|none';
const NOUNS =
  'this|me|it|a|an|the|to|of|own|actual|new|strong|secure|secret|password|passwd|passphrase|pass|pwd|pw|redis|dashboard|helios|default|please|value|some|with|admin|root|test';

/** A word of a template between separators. */
const TEMPLATE_WORD = new RegExp(`^(${VERBS}|changeme|changethis)$`, 'i');
/** Only template words, joined or separated, with optional digits at the end (`password123`). */
const ONLY_TEMPLATE_WORDS = new RegExp(`^(?:(?:${VERBS}|${NOUNS})[-_.\\s]*)+\\d{0,4}!?$`, 'i');

/**
 * True for a template's placeholder: `your_connection_string`, `<token>`. A real value that contains such a word also has
 * digits or other signs.
 * @param {string} text
 */
export function isPlaceholder(text) {
  if (/^[<{[$].*[>}\]]?$/.test(text) && /[>}\]]$/.test(text)) return true;
  const words = text.split(/[_\-\s.]+/).filter((word) => word !== '');
  return words.every((word) => /^[a-z]+$/i.test(word)) && words.some((word) => TEMPLATE_WORD.test(word));
}

/**
 * True for a password that looks like a template's: `change-this-password`, `yourpassword`, `admin`.
 * @param {string} text
 */
export function isTemplatePassword(text) {
  const plain = text.replace(/^[<{[(]+|[>}\])]+$/g, '');
  return isPlaceholder(text) || ONLY_TEMPLATE_WORDS.test(plain);
}
