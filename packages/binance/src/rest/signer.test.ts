import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createSigner } from './signer.ts';

/** Key, query and signature of the venue's own example (General Info, SIGNED endpoint examples, HMAC). */
const SECRET = '2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9';
const QUERY =
  'symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=9000&timeInForce=GTC&recvWindow=5000&timestamp=1591702613943';
const SIGNATURE = '3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9';

const pemOf = (type: 'ed25519' | 'rsa') => {
  const pair = type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2_048 }) : generateKeyPairSync('ed25519');
  return { publicKey: pair.publicKey, pem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
};

describe('a signature', () => {
  test('equals the venue’s example, with or without white space around the secret', () => {
    expect(createSigner(SECRET)?.(QUERY)).toBe(SIGNATURE);
    expect(createSigner(`  ${SECRET}\n`)?.(QUERY)).toBe(SIGNATURE);
  });

  test.each([
    ['ed25519', null],
    ['rsa', 'sha256'],
  ] as const)('with a PEM private key (%s), in one line or in several, is ready for a URL', (type, digest) => {
    const { pem, publicKey } = pemOf(type);
    for (const secret of [pem, pem.trim().replaceAll('\n', '\\n')]) {
      const signature = createSigner(secret)?.(QUERY) ?? '';
      expect(signature).toMatch(/^[A-Za-z0-9%]+$/);
      const bytes = Buffer.from(decodeURIComponent(signature), 'base64');
      expect(verify(digest, Buffer.from(QUERY), publicKey, bytes)).toBe(true);
    }
  });

  test('is undefined for a PEM without a signing key', () => {
    const { pem } = pemOf('rsa');
    expect(createSigner(pem.slice(0, 200))).toBeUndefined();
    const exchange = generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(createSigner(exchange)).toBeUndefined();
  });
});
