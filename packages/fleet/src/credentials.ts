/** What a text given as key or secret is worth. */
export type CredentialQuality = 'USABLE' | 'EMPTY' | 'PLACEHOLDER' | 'TOO_SHORT';

/** The venue's keys and secrets have 64 characters; nothing near this short was ever one. */
const SHORTEST = 32;
/** Words of templates. Only a text that is short or spelled in words is searched: a real key may hold any letters. */
const TEMPLATE_WORDS =
  /your|change|replace|insert|paste|enter|example|placeholder|sample|dummy|template|todo|here|none/i;
const SPELLED_IN_WORDS = /[_<>{}$\s.]/;
const STARTS_AS_TEMPLATE =
  /^[<{[$]|^(your|change|replace|insert|paste|enter|put)(your|binance|my|the|api|key|secret|me|this)/i;

/** Judges the form of an API key or secret. Whether the venue takes it is not asked here. */
export function credentialQuality(text: string): CredentialQuality {
  const trimmed = text.trim();
  if (trimmed === '') return 'EMPTY';
  // A private key (Ed25519, RSA) comes as PEM.
  if (trimmed.startsWith('-----BEGIN ')) return trimmed.length > 100 ? 'USABLE' : 'TOO_SHORT';
  const wordy = SPELLED_IN_WORDS.test(trimmed) || trimmed.includes('-') || trimmed.length < SHORTEST;
  if (wordy && TEMPLATE_WORDS.test(trimmed)) return 'PLACEHOLDER';
  if (STARTS_AS_TEMPLATE.test(trimmed)) return 'PLACEHOLDER';
  if (new Set(trimmed).size <= 4) return 'PLACEHOLDER';
  return trimmed.length < SHORTEST ? 'TOO_SHORT' : 'USABLE';
}

/** Why a text is no credential, for a message; never the text itself. */
export const QUALITY_WORDS: Readonly<Record<CredentialQuality, string>> = {
  USABLE: 'is set',
  EMPTY: 'is not set',
  PLACEHOLDER: 'is still a placeholder',
  TOO_SHORT: 'is too short to be real',
};
