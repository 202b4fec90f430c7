import type { RestFailure, RestFailureCode } from '@helios/binance/rest/rest-answer.ts';
import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';

/** Where credentials were shown, for messages. */
export interface AskedVenue {
  readonly network: 'mainnet' | 'testnet';
  /** Base URL of its REST interface. */
  readonly url: string;
}

/** What an answer other than yes means for the start. */
export type CredentialVerdict =
  /** The venue was asked and said no: asking again would not help. */
  | { readonly kind: 'REFUSED'; readonly lines: readonly string[] }
  /** It could not be asked, or has not really answered: the credentials may be good. */
  | { readonly kind: 'WAIT'; readonly waitMs: number };

/** Codes that say something of the moment or the way, not of the credentials. Source: developers.binance.com, USDⓈ-M, Error Codes. */
const PASSING: ReadonlySet<number> = new Set([-1000, -1001, -1003, -1006, -1007, -1008, -1016, -1021]);

const BACKOFF: Backoff = { baseMs: 1_000, maxMs: 60_000 };
/** Where a limit or a ban names no time: a minute, the shortest ban documented. */
const USUAL_WAIT_MS: ReadonlyMap<RestFailureCode, number> = new Map([
  ['LIMITED', 60_000],
  ['BANNED', 120_000],
]);
/** The longest ban documented; a timer takes no more than 24 days. */
const MAX_BAN_MS = 3 * 86_400_000;
/** Asked at the very end of a ban, the venue may still count it. */
const GRACE_MS = 1_000;

/**
 * Judges why the venue has not taken the credentials. Only its own words end a start: a proxy's page, a firewall, a region, a
 * limit or silence are waited out.
 * @param attempt how many came to nothing before, for the back-off
 */
export function credentialVerdict(failure: RestFailure, venue: AskedVenue, attempt: number): CredentialVerdict {
  const { code, serverCode, status, retryAfterMs } = failure;
  // 404 is an address that does not know the path, not a word on the credentials.
  const isTheirWord = status === 401 || (status !== 404 && serverCode !== undefined && !PASSING.has(serverCode));
  if (code === 'REJECTED' && isTheirWord) return { kind: 'REFUSED', lines: refusedLines(failure, venue) };
  const backOffMs = backoffMs(BACKOFF, attempt);
  const askedMs = retryAfterMs ?? USUAL_WAIT_MS.get(code) ?? 0;
  return { kind: 'WAIT', waitMs: Math.max(backOffMs, Math.min(askedMs + GRACE_MS, MAX_BAN_MS)) };
}

/** Lines for an API secret that is a private key, but none that can sign. */
export function badPrivateKey(): readonly string[] {
  return [
    'The API secret is a private key in PEM that cannot be read, so nothing was started.',
    '  • It has to be Ed25519 or RSA, without a passphrase, whole, its lines parted by \\n in .env.',
    '  • Or make a key of the kind “system generated” at the venue: its secret is one word.',
  ];
}

function refusedLines({ detail, serverCode }: RestFailure, venue: AskedVenue): readonly string[] {
  return [
    'The venue refuses the credentials, so nothing was started. No other mode was started in their stead.',
    `  ${detail}`,
    ...reasonsOf(serverCode, venue),
    '  • To simulate instead: remove BINANCE_API_KEY and BINANCE_API_SECRET, and set ALLOW_PUBLIC_MODE=true or ALLOW_SYNTHETIC=true.',
  ];
}

function reasonsOf(serverCode: number | undefined, venue: AskedVenue): readonly string[] {
  const network = wrongNetwork(venue);
  switch (serverCode) {
    case -2008:
    case -2014:
      return [
        network,
        '  • Or the key was deleted, or is not copied whole: compare BINANCE_API_KEY with the venue’s list of keys.',
      ];
    case -1022:
      return [
        '  • The secret does not belong to the key: copy BINANCE_API_SECRET anew. The venue shows it once only; where it is lost, make a new key.',
        network,
      ];
    case -2015:
      return [
        'The venue does not say which of these it is:',
        network,
        '  • The key is restricted to other addresses: allow the one this machine is seen under (“request ip” above).',
        '  • The key lacks a right: “Enable Reading” and “Enable Futures”; keys made before the futures account never get the latter.',
      ];
    default:
      return [network, '  • Look at the key’s rights, at its addresses, and at the account, on the venue’s pages.'];
  }
}

/** The classic: each network has keys of its own, and knows nothing of the other's. */
function wrongNetwork({ network, url }: AskedVenue): string {
  return network === 'testnet'
    ? `  • The key belongs to the other network: BINANCE_TESTNET=true asks the test venue (${url}), which has keys of its own, made on its own pages.`
    : `  • The key belongs to the other network: BINANCE_TESTNET=false asks the real venue (${url}), which does not know the test venue’s keys.`;
}
