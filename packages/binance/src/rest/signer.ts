import { createHmac, createPrivateKey, type KeyObject, sign } from 'node:crypto';

/** Digest of each key type; Ed25519 has a built-in digest. */
const DIGESTS: ReadonlyMap<string | undefined, string | null> = new Map([
  ['ed25519', null],
  ['rsa', 'sha256'],
]);

/** Signs a percent-encoded query; the signature is ready for a URL. */
export type Signer = (query: string) => string;

/**
 * Makes the signer of an API secret and keeps the secret private. It uses HMAC-SHA256 in hex. If the secret is a PEM private key
 * (its line breaks may be written as `\n`), it uses Ed25519 or RSA-SHA256 in base64. Undefined for a PEM without such a key.
 * Source: developers.binance.com, USDⓈ-M, General Info, SIGNED endpoints.
 *
 * Helios signs itself and does not use the package `binance`: that would add axios and a second HTTP client, and every answer must
 * pass our own limits, timeouts and failure codes anyway.
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
    // Cut off, encrypted, or not a key.
    return undefined;
  }
}
