import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credentialQuality } from './credentials.mjs';

const ALPHANUMERIC = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'];

describe('credentialQuality', () => {
  it.each([
    ['', 'EMPTY'],
    ['   ', 'EMPTY'],
    ['your_api_key_here', 'PLACEHOLDER'],
    ['YOUR_BINANCE_API_SECRET_GOES_HERE_PLEASE_REPLACE', 'PLACEHOLDER'],
    ['<your-key>', 'PLACEHOLDER'],
    ['changeme', 'PLACEHOLDER'],
    ['change_me', 'PLACEHOLDER'],
    ['xxx', 'PLACEHOLDER'],
    ['x'.repeat(64), 'PLACEHOLDER'],
    ['*'.repeat(64), 'PLACEHOLDER'],
    ['0123'.repeat(16), 'PLACEHOLDER'],
    ['yourapikeyyourapikeyyourapikeyyourapikey', 'PLACEHOLDER'],
    ['$BINANCE_API_KEY', 'PLACEHOLDER'],
    ['none', 'PLACEHOLDER'],
    ['abc123', 'TOO_SHORT'],
    ['vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A', 'USABLE'],
    [`-----BEGIN PRIVATE KEY-----\n${'MC4CAQAwBQYDK2VwBCIEIA'.repeat(4)}\n-----END PRIVATE KEY-----`, 'USABLE'],
    ['-----BEGIN PRIVATE KEY-----', 'TOO_SHORT'],
  ])('%s is %s', (text, quality) => {
    expect(credentialQuality(text)).toBe(quality);
    expect(credentialQuality(`  ${text} `)).toBe(quality);
  });

  it('accepts every key of the venue’s form, whatever letters it contains', () => {
    const key = fc
      .array(fc.constantFrom(...ALPHANUMERIC), { minLength: 50, maxLength: 58 })
      .map((letters) => `Zq7${letters.slice(0, 20).join('')}your${letters.slice(20).join('')}`)
      .filter((text) => new Set(text).size > 4);
    fc.assert(fc.property(key, (text) => credentialQuality(text) === 'USABLE'));
  });
});
