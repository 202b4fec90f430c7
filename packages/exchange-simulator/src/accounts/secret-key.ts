import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';

/** The key that checks signatures: of an HMAC secret, or of an Ed25519 public key as PEM; undefined for a PEM that cannot be read. */
export function secretKey(secret: string): KeyObject | undefined {
  if (!secret.startsWith('-----BEGIN PUBLIC KEY')) return createSecretKey(Buffer.from(secret));
  try {
    return createPublicKey(secret);
  } catch {
    return undefined;
  }
}

/** True for the public key of an Ed25519 pair, false for an HMAC secret. */
export function isEd25519(key: KeyObject): boolean {
  return key.type === 'public';
}
