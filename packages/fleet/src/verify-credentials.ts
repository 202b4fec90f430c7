import { setTimeout as pause } from 'node:timers/promises';
import { account, type VenueAccount } from '@helios/binance/rest/endpoints/account.ts';
import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import { createSignedRest } from '@helios/binance/rest/signed-rest.ts';
import { createSigner } from '@helios/binance/rest/signer.ts';
import { createHttpClient, type PostingHttpClient } from '@helios/shared/runtime/http-client.ts';
import { type AskedVenue, badPrivateKey, credentialVerdict } from './credential-verdict.ts';

const TIMEOUT_MS = 10_000;
/** A read may arrive late: the venue's usual five seconds are short for a slow line, and a repeated read is harmless. */
const RECV_WINDOW_MS = 10_000;

export interface CredentialCheck {
  readonly venue: AskedVenue;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Shows a line to the operator. */
  readonly say: (line: string) => void;
  /** Aborts when the start must end. */
  readonly stop: AbortSignal;
  /** Waits for `ms`, or until stopped; a test passes its own. */
  readonly wait?: (ms: number) => Promise<void>;
}

export type CheckedCredentials =
  | { readonly kind: 'TAKEN'; readonly account: VenueAccount }
  /** Nothing may start. `lines` give the reason and each way out. */
  | { readonly kind: 'REFUSED'; readonly lines: readonly string[] }
  /** The start ended before the venue answered. */
  | { readonly kind: 'STOPPED' };

/**
 * Checks the credentials with a signed read of the account; it sends no order. While the venue is unreachable it asks again, with
 * growing pauses, and shows one line for each new reason.
 */
export async function verifyCredentials(check: CredentialCheck): Promise<CheckedCredentials> {
  const sign = createSigner(check.apiSecret);
  if (sign === undefined) return { kind: 'REFUSED', lines: badPrivateKey() };
  const http = createHttpClient();
  const close = (): void => http.close();
  check.stop.addEventListener('abort', close);
  try {
    return await askUntilAnswered(check, sign, http);
  } finally {
    check.stop.removeEventListener('abort', close);
    close();
  }
}

async function askUntilAnswered(
  { venue, apiKey, say, stop, wait = waitUntil(stop) }: CredentialCheck,
  sign: (query: string) => string,
  http: PostingHttpClient,
): Promise<CheckedCredentials> {
  const options = { apiKey: apiKey.trim(), timeoutMs: TIMEOUT_MS, recvWindowMs: RECV_WINDOW_MS, now: Date.now };
  const rest = createSignedRest({ baseUrl: venue.url, sign, http, ...options });
  let shown: string | undefined;
  for (let attempt = 0; !stop.aborted; attempt += 1) {
    const answer = await rest.send(account, undefined);
    if (stop.aborted) break;
    if (answer.kind === 'OK') return { kind: 'TAKEN', account: answer.value };
    const verdict = credentialVerdict(answer, venue, attempt);
    if (verdict.kind === 'REFUSED') return verdict;
    const state = `${answer.code} ${answer.status} ${answer.serverCode}`;
    if (state !== shown) say(`  ${waitingLine(answer, verdict.waitMs)}`);
    shown = state;
    await wait(verdict.waitMs);
  }
  return { kind: 'STOPPED' };
}

function waitingLine({ code, detail, advice }: RestFailure, waitMs: number): string {
  const next = `Helios asks again in ${Math.ceil(waitMs / 1_000)} s, and starts nothing until the venue accepts them. Ctrl-C ends the start.`;
  return `The credentials are not verified yet (${code}). ${detail} ${advice} ${next}`;
}

function waitUntil(stop: AbortSignal): (ms: number) => Promise<void> {
  return (ms) => pause(ms, undefined, { signal: stop }).catch(() => {});
}
