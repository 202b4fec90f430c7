import { createHmac } from 'node:crypto';
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

/** Why a signed request is refused; undefined if it is valid. Checks the key, then the timestamp, then the signature. */
export function signatureProblem(query: URLSearchParams, exchange: Exchange, sent: Sent): Refusal | undefined {
  const secret = secretOf(exchange, sent);
  if (typeof secret !== 'string') return secret;
  const late = dateProblem(query, exchange.now());
  if (late !== undefined) return late;
  const signature = query.get('signature') ?? '';
  if (signature === '') return missing('signature');
  const payload = sent.rawQuery.replace(/(^|&)signature=[^&]*/, '');
  return signature.toLowerCase() === createHmac('sha256', secret).update(payload).digest('hex')
    ? undefined
    : badSignature();
}

/** Why a request that needs a key only is refused; undefined if it is valid. */
export function keyProblem(exchange: Exchange, sent: Sent): Refusal | undefined {
  const secret = secretOf(exchange, sent);
  return typeof secret === 'string' ? undefined : secret;
}

function secretOf(exchange: Exchange, { apiKey }: Sent): string | Refusal {
  if (apiKey === undefined || !/^[A-Za-z0-9]{1,64}$/.test(apiKey)) return badKeyFormat();
  return exchange.secretOf(apiKey) ?? unknownKey();
}

function dateProblem(query: URLSearchParams, nowMs: number): Refusal | undefined {
  const timestamp = wholeParameter(query, 'timestamp');
  if (timestamp.kind !== 'VALUE') return timestamp;
  if (timestamp.value === undefined) return missing('timestamp');
  const window = wholeParameter(query, 'recvWindow');
  if (window.kind !== 'VALUE') return window;
  const windowMs = window.value ?? USUAL_WINDOW_MS;
  if (windowMs > MAX_WINDOW_MS) return badValue('recvWindow');
  if (timestamp.value >= nowMs + AHEAD_MS) return aheadOfTime();
  return nowMs - timestamp.value > windowMs ? badTimestamp() : undefined;
}
