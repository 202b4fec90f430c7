/** Why an item does not count. */
export type TextRefusal = 'EMPTY' | 'DELETED' | 'BOT' | 'LINK_ONLY' | 'PROMOTION';

const DELETED = /^\[(?:deleted|removed)(?: by [^\]]{1,40})?\]$/i;
const BOT =
  /\bI am a bot\b|\bthis action was performed automatically\b|\bbeep boop\b|^\s*(?:\+\/?u\/|!)\w+|\bverif(?:y|ied) coinbase (?:staff|support)\b/i;
const LINK = /https?:\/\/|www\.|\bt\.me\/|\bdiscord\.gg\//i;
/** Marks of an advertisement; two marks make a promotion. */
const PROMOTIONS = [
  /\breferral|\bref(?:erral)? (?:code|link)|\bsign[- ]?up bonus|\buse my (?:code|link)|\binvite code/i,
  /\bgive ?aways?\b|\bairdrop\b.{0,40}\b(?:claim|join|free)|\bclaim (?:your|now|free)|\bwhitelist\b/i,
  /\b(?:join|dm|contact|message|write) (?:us|me|our|my)?\b.{0,30}\b(?:telegram|discord|whatsapp|tg)\b|\bt\.me\/|\bdiscord\.gg\//i,
  /\bpre-?sale\b|\bfair ?launch\b|\bstealth launch|\b(?:kyc|audit)(?:ed)? (?:✅|✔)|✅.*✅.*✅/iu,
  /\bguaranteed (?:profit|return|income)|\bdouble your (?:btc|bitcoin|eth|money|crypto)|\bpassive income\b.{0,60}https?:/i,
  /\b\d{2,}\s?%\s?(?:fixed )?(?:apy|apr|daily|per day|a day)\b/i,
  /\brecover(?:y)? (?:expert|agent|your (?:lost|stolen))|\b(?:hacker|recovery) (?:@|on instagram|for hire)/i,
];
const PROMOTION_MARKS = 2;
const MIN_WORDS_BESIDE_LINK = 4;

/**
 * Why a text does not count for sentiment; `undefined` if it counts.
 * @param raw the posted text, cut
 * @param clean the result of `cleanText`
 */
export function refusalOf(raw: string, clean: string): TextRefusal | undefined {
  const trimmed = raw.trim();
  if (DELETED.test(trimmed)) return 'DELETED';
  const linked = LINK.test(trimmed);
  if (linked && clean.split(' ').length < MIN_WORDS_BESIDE_LINK) return 'LINK_ONLY';
  if (!/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(clean)) return 'EMPTY';
  if (BOT.test(trimmed)) return 'BOT';
  const marks = PROMOTIONS.filter((form) => form.test(trimmed)).length;
  return marks >= PROMOTION_MARKS ? 'PROMOTION' : undefined;
}
