import { createHmac, type KeyObject, verify } from 'node:crypto';
import type { KnownKey } from '../accounts/account-store.ts';
import { isEd25519 } from '../accounts/secret-key.ts';
import type { TradingAccount } from '../accounts/trading-account.ts';
import type { Exchange } from '../exchange.ts';
import type { Sent } from './endpoint.ts';
import { wholeParameter } from './parameters.ts';
import {
  aheadOfTime,
  badKeyFormat,
  badSignature,
  badTimestamp,
  badValue,
  missing,
  type Refusal,
  unknownKey,
} from './refusal.ts';

const USUAL_WINDOW_MS = 5_000;
const MAX_WINDOW_MS = 60_000;
/** Maximum time that a request's timestamp may lie ahead of the server. */
const AHEAD_MS = 1_000;

/** The account of a request. */
export type Caller = { readonly kind: 'CALLER'; readonly account: TradingAccount } | Refusal;

/** The account that signed a request. Checks the key, then the timestamp, then the signature. */
export function signedBy(query: URLSearchParams, exchange: Exchange, sent: Sent): Caller {
  const key = sent.loggedOn === undefined ? keyOf(exchange, sent) : undefined;
  if (key !== undefined && 'kind' in key) return key;
  const late = dateProblem(query, [exchange.now(), exchange.machineNow()]);
  if (late !== undefined) return late;
  if (key === undefined) return calledBy(exchange, sent);
  const signature = query.get('signature') ?? '';
  if (signature === '') return missing('signature');
  const payload = sent.signedText.replace(/(^|&)signature=[^&]*/, '');
  return isSignatureOf(signature, payload, key.secret) ? { kind: 'CALLER', account: key.account } : badSignature();
}

/** The account of a request that needs a key only. */
export function calledBy(exchange: Exchange, sent: Sent): Caller {
  if (sent.loggedOn !== undefined) return { kind: 'CALLER', account: sent.loggedOn };
  const key = keyOf(exchange, sent);
  return 'kind' in key ? key : { kind: 'CALLER', account: key.account };
}

function keyOf(exchange: Exchange, { apiKey }: Sent): Refusal | KnownKey {
  if (apiKey === undefined || !/^[A-Za-z0-9]{1,64}$/.test(apiKey)) return badKeyFormat();
  return exchange.trading.accounts.byKey(apiKey) ?? unknownKey();
}

/** HMAC-SHA256 in hex, or Ed25519 in base64 if the account's secret is a public key. */
function isSignatureOf(signature: string, payload: string, secret: KeyObject): boolean {
  if (!isEd25519(secret)) return signature.toLowerCase() === createHmac('sha256', secret).update(payload).digest('hex');
  return verify(null, Buffer.from(payload), secret, Buffer.from(signature, 'base64'));
}

/** Checks the timestamp against the venue's clock and against the machine's: foreign clients cannot follow a stepped clock. */
function dateProblem(query: URLSearchParams, clocks: readonly [number, number]): Refusal | undefined {
  const timestamp = wholeParameter(query, 'timestamp');
  if (timestamp.kind !== 'VALUE') return timestamp;
  if (timestamp.value === undefined) return missing('timestamp');
  const window = wholeParameter(query, 'recvWindow');
  if (window.kind !== 'VALUE') return window;
  const windowMs = window.value ?? USUAL_WINDOW_MS;
  if (windowMs > MAX_WINDOW_MS) return badValue('recvWindow');
  const [byVenue, byMachine] = clocks.map((nowMs) => staleness(timestamp.value ?? 0, windowMs, nowMs));
  return byMachine === undefined ? undefined : byVenue;
}

function staleness(timestamp: number, windowMs: number, nowMs: number): Refusal | undefined {
  if (timestamp >= nowMs + AHEAD_MS) return aheadOfTime();
  return nowMs - timestamp > windowMs ? badTimestamp() : undefined;
}
