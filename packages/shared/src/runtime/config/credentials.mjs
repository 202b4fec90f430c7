/**
 * Result of checking the form of a key or secret.
 * @typedef {'USABLE' | 'EMPTY' | 'PLACEHOLDER' | 'TOO_SHORT'} CredentialQuality
 */

/** The venue's keys and secrets have 64 characters; a text below this length is never one. */
const MIN_LENGTH = 32;
/** Template words. Searched only in short or wordy texts, because a real key may contain any letters. */
const TEMPLATE_WORDS =
  /your|change|replace|insert|paste|enter|example|placeholder|sample|dummy|template|todo|here|none/i;
const SPELLED_IN_WORDS = /[_<>{}$\s.]/;
const STARTS_AS_TEMPLATE =
  /^[<{[$]|^(your|change|replace|insert|paste|enter|put)(your|binance|my|the|api|key|secret|me|this)/i;

/**
 * Checks the form of an API key or secret, without asking the venue.
 * @param {string} text
 * @returns {CredentialQuality}
 */
export function credentialQuality(text) {
  const trimmed = text.trim();
  if (trimmed === '') return 'EMPTY';
  // A private key (Ed25519, RSA) comes as PEM.
  if (trimmed.startsWith('-----BEGIN ')) return trimmed.length > 100 ? 'USABLE' : 'TOO_SHORT';
  const wordy = SPELLED_IN_WORDS.test(trimmed) || trimmed.includes('-') || trimmed.length < MIN_LENGTH;
  if (wordy && TEMPLATE_WORDS.test(trimmed)) return 'PLACEHOLDER';
  if (STARTS_AS_TEMPLATE.test(trimmed)) return 'PLACEHOLDER';
  if (new Set(trimmed).size <= 4) return 'PLACEHOLDER';
  return trimmed.length < MIN_LENGTH ? 'TOO_SHORT' : 'USABLE';
}

/**
 * Text of each quality for a message; never contains the credential.
 * @type {Readonly<Record<CredentialQuality, string>>}
 */
export const QUALITY_WORDS = {
  USABLE: 'is set',
  EMPTY: 'is not set',
  PLACEHOLDER: 'is still a placeholder',
  TOO_SHORT: 'is too short to be real',
};
