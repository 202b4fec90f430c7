import { createHmac, createPrivateKey, type KeyObject, sign } from 'node:crypto';

/** What is signed with which key: Ed25519 has its digest built in. */
const DIGESTS: ReadonlyMap<string | undefined, string | null> = new Map([
  ['ed25519', null],
  ['rsa', 'sha256'],
]);

/** Signs a query, percent-encoded as it goes out; the signature is ready to be put into an address. */
export type Signer = (query: string) => string;

/**
 * Makes the signer of an API secret, which is seen nowhere afterwards: HMAC-SHA256 in hex, or, where the secret is a private
 * key in PEM (lines may be parted by `\n` spelled out), Ed25519 or RSA-SHA256 in base64. Source: developers.binance.com,
 * USDⓈ-M, General Info, SIGNED endpoints. Undefined for a PEM that holds no such key.
 *
 * These lines stand here in place of the package `binance`, which DESIGN names for signing: it would bring axios and a
 * second HTTP client, while every answer has to pass our own limits, time-outs and judgement of failures anyway.
 */
export function createSigner(apiSecret: string): Signer | undefined {
  const secret = apiSecret.trim();
  if (!secret.startsWith('-----BEGIN ')) return (query) => createHmac('sha256', secret).update(query).digest('hex');
  const key = privateKeyOf(secret.replaceAll('\\n', '\n'));
  const digest = DIGESTS.get(key?.asymmetricKeyType);
  if (key === undefined || digest === undefined) return undefined;
  return (query) => encodeURIComponent(sign(digest, Buffer.from(query), key).toString('base64'));
}

function privateKeyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    // Cut off, encrypted, or no key at all: there is nothing to sign with.
    return undefined;
  }
}
