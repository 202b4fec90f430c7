import { concernsKey } from '@helios/binance/rest/judge-reply.ts';
import type { RestFailure, RestFailureCode } from '@helios/binance/rest/rest-answer.ts';
import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';

/** The venue that was asked, for messages. */
export interface AskedVenue {
  readonly network: 'mainnet' | 'testnet';
  /** Base URL of its REST interface. */
  readonly url: string;
}

/** What an answer other than success means for the start. */
export type CredentialVerdict =
  /** The venue refused the credentials: asking again does not help. */
  | { readonly kind: 'REFUSED'; readonly lines: readonly string[] }
  /** The venue gave no usable answer: the credentials may be valid. */
  | { readonly kind: 'WAIT'; readonly waitMs: number };

/** Codes of temporary or network problems, unrelated to the credentials. Source: developers.binance.com, USDⓈ-M, Error Codes. */
const PASSING: ReadonlySet<number> = new Set([-1000, -1001, -1003, -1006, -1007, -1008, -1016, -1021]);

const BACKOFF: Backoff = { baseMs: 1_000, maxMs: 60_000 };
/** Wait if a limit or a ban names no time. Two minutes is the shortest documented ban. */
const USUAL_WAIT_MS: ReadonlyMap<RestFailureCode, number> = new Map([
  ['LIMITED', 60_000],
  ['BANNED', 120_000],
]);
/** The longest documented ban; a timer takes at most 24 days. */
const MAX_BAN_MS = 3 * 86_400_000;
/** Added to the end of a ban: the venue's clock may differ slightly. */
const GRACE_MS = 1_000;

/**
 * Decides what a failed credential check means. Only the venue's own error ends a start. After a proxy's page, a firewall, a
 * region block, a limit or silence the start waits and asks again.
 * @param attempt number of failed attempts before this one, for the back-off
 */
export function credentialVerdict(failure: RestFailure, venue: AskedVenue, attempt: number): CredentialVerdict {
  const { code, serverCode, status, retryAfterMs } = failure;
  // A 404 means that the server does not know the path; it does not judge the credentials.
  const isTheirWord = status === 401 || (status !== 404 && serverCode !== undefined && !PASSING.has(serverCode));
  if (code === 'REJECTED' && isTheirWord) return { kind: 'REFUSED', lines: refusedLines(failure, venue) };
  const backOffMs = backoffMs(BACKOFF, attempt);
  const askedMs = retryAfterMs ?? USUAL_WAIT_MS.get(code) ?? 0;
  return { kind: 'WAIT', waitMs: Math.max(backOffMs, Math.min(askedMs + GRACE_MS, MAX_BAN_MS)) };
}

/** Reasons and ways out if the venue refuses the key of this request; undefined after any other failure. */
export function keyRefusal(failure: RestFailure, venue: AskedVenue): readonly string[] | undefined {
  if (!concernsKey(failure)) return undefined;
  return [`  ${failure.detail}`, ...reasonsOf(failure.serverCode, venue)];
}

/** Lines for an API secret that is a private key which cannot sign. */
export function badPrivateKey(): readonly string[] {
  return [
    'The API secret is a PEM private key that Helios cannot read, so nothing was started.',
    '  • It must be a complete Ed25519 or RSA key without a passphrase, with \\n between its lines in .env.',
    '  • Or make a “system generated” key at the venue: its secret is one word.',
  ];
}

function refusedLines({ detail, serverCode }: RestFailure, venue: AskedVenue): readonly string[] {
  return [
    'The venue refuses the credentials, so nothing was started. Helios did not fall back to another mode.',
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
        '  • Or the key was deleted, or you did not copy all of it: compare BINANCE_API_KEY with the venue’s list of keys.',
      ];
    case -1022:
      return [
        '  • The secret does not belong to the key: copy BINANCE_API_SECRET again. The venue shows it only once; if you lost it, make a new key.',
        network,
      ];
    case -2015:
      return [
        'The venue does not say which of these is the reason:',
        network,
        '  • The key is restricted to other addresses: allow the address of this machine (“request ip” above).',
        '  • The key lacks a permission: “Enable Reading” or “Enable Futures”. A key made before the futures account cannot get the latter.',
      ];
    default:
      return [network, '  • Check the key’s permissions and addresses, and the account, on the venue’s pages.'];
  }
}

/** The usual mistake: each network has its own keys and does not know the other's. */
function wrongNetwork({ network, url }: AskedVenue): string {
  return network === 'testnet'
    ? `  • The key belongs to the other network: BINANCE_TESTNET=true asks the test venue (${url}). Make a key for it on its own pages.`
    : `  • The key belongs to the other network: BINANCE_TESTNET=false asks the real venue (${url}), which does not know the test venue’s keys.`;
}
