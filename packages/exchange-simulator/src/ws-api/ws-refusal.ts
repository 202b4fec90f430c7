import type { Refusal } from '../rest/refusal.ts';
import type { BadWsRequest } from './ws-request.ts';

const refusal = (code: number, msg: string): Refusal => ({ kind: 'REFUSED', status: 400, code, msg });

/** `session.logon` takes Ed25519 keys only. */
export const hmacNotSupported = (): Refusal => refusal(-4056, 'HMAC_SHA256 API key is not supported.');
export const unknownMethod = (): Refusal => refusal(-1020, 'This operation is not supported.');

/** The answer to a message that is no request. */
export function badRequestRefusal({ problem }: BadWsRequest): Refusal {
  switch (problem) {
    case 'NO_JSON':
      return refusal(-1135, 'Invalid JSON Request');
    case 'NO_METHOD':
      return refusal(-1102, "Mandatory parameter 'method' was not sent, was empty/null, or malformed.");
    case 'BAD_PARAMS':
      return refusal(-1102, "Mandatory parameter 'params' was not sent, was empty/null, or malformed.");
  }
}
