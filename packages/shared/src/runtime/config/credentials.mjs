/**
 * What a text given as key or secret is worth.
 * @typedef {'USABLE' | 'EMPTY' | 'PLACEHOLDER' | 'TOO_SHORT'} CredentialQuality
 */

/** The venue's keys and secrets have 64 characters; nothing near this short was ever one. */
const MIN_LENGTH = 32;
/** Words of templates. Only a text that is short or spelled in words is searched: a real key may hold any letters. */
const TEMPLATE_WORDS =
  /your|change|replace|insert|paste|enter|example|placeholder|sample|dummy|template|todo|here|none/i;
const SPELLED_IN_WORDS = /[_<>{}$\s.]/;
const STARTS_AS_TEMPLATE =
  /^[<{[$]|^(your|change|replace|insert|paste|enter|put)(your|binance|my|the|api|key|secret|me|this)/i;

/**
 * Judges the form of an API key or secret. Whether the venue takes it is not asked here.
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
 * Why a text is not a credential, for a message; never the text itself.
 * @type {Readonly<Record<CredentialQuality, string>>}
 */
export const QUALITY_WORDS = {
  USABLE: 'is set',
  EMPTY: 'is not set',
  PLACEHOLDER: 'is still a placeholder',
  TOO_SHORT: 'is too short to be real',
};
