import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ModeInput, type ModeResolution, resolveMode } from './resolve-mode.mjs';

const KEY = 'vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A';
const SECRET = 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j';
const REPLAY: NonNullable<ModeInput['replay']> = { kind: 'replay', files: ['/data/a.gz'], speed: 'max', exit: true };

interface Given {
  key?: string;
  secret?: string;
  publicMode?: boolean;
  synthetic?: boolean;
  testnet?: boolean;
  confirm?: string;
  replay?: boolean;
}

function resolved(given: Given): ModeResolution {
  const input: ModeInput = {
    binance: { api_key: given.key ?? '', api_secret: given.secret ?? '', testnet: given.testnet ?? true },
    switches: {
      allowPublicMode: given.publicMode ?? false,
      allowSynthetic: given.synthetic ?? false,
      liveTradingConfirm: given.confirm,
    },
    seed: 7,
    replay: given.replay ? REPLAY : undefined,
  };
  return resolveMode(input);
}

const outcome = (given: Given): string => {
  const resolution = resolved(given);
  return resolution.kind === 'ABORT' ? 'ABORT' : `${resolution.mode.mode} ${resolution.mode.network}`;
};
const said = (given: Given): string => {
  const resolution = resolved(given);
  if (resolution.kind !== 'ABORT') throw new Error(`resolved to ${resolution.mode.mode}`);
  return resolution.lines.join('\n');
};

describe('resolveMode', () => {
  const both = { key: KEY, secret: SECRET };
  it.each<[string, Given, string]>([
    ['nothing given', {}, 'ABORT'],
    ['public allowed', { publicMode: true }, 'public mainnet'],
    ['synthetic allowed', { synthetic: true }, 'synthetic none'],
    ['public has precedence over synthetic', { publicMode: true, synthetic: true }, 'public mainnet'],
    ['credentials', both, 'live testnet'],
    [
      'credentials have precedence over public and synthetic',
      { ...both, publicMode: true, synthetic: true },
      'live testnet',
    ],
    ['mainnet, unconfirmed', { ...both, testnet: false }, 'ABORT'],
    ['mainnet, unconfirmed, others allowed', { ...both, testnet: false, publicMode: true, synthetic: true }, 'ABORT'],
    ['mainnet, wrongly confirmed', { ...both, testnet: false, confirm: 'true' }, 'ABORT'],
    ['mainnet, confirmed', { ...both, testnet: false, confirm: 'mainnet' }, 'live mainnet'],
    ['testnet needs no confirmation', { ...both, testnet: true, confirm: 'mainnet' }, 'live testnet'],
    [
      'placeholders count as no credentials',
      { key: 'your_api_key_here', secret: 'changeme', synthetic: true },
      'synthetic none',
    ],
    ['placeholders alone', { key: 'your_api_key_here', secret: 'xxx' }, 'ABORT'],
    ['key without secret', { key: KEY, synthetic: true, publicMode: true }, 'ABORT'],
    ['secret without key', { secret: SECRET, synthetic: true }, 'ABORT'],
    ['key with a placeholder for a secret', { key: KEY, secret: 'your_secret', synthetic: true }, 'ABORT'],
    ['replay', { synthetic: true, replay: true }, 'synthetic none'],
    ['replay has precedence over public', { synthetic: true, publicMode: true, replay: true }, 'synthetic none'],
    ['replay not allowed', { replay: true }, 'ABORT'],
    ['replay not allowed, public is', { replay: true, publicMode: true }, 'ABORT'],
    ['replay with credentials', { ...both, synthetic: true, replay: true }, 'ABORT'],
  ])('%s', (_, given, expected) => {
    expect(outcome(given)).toBe(expected);
  });

  it('names each way out when nothing is allowed', () => {
    const text = said({});
    for (const word of ['ALLOW_SYNTHETIC=true', 'ALLOW_PUBLIC_MODE=true', 'BINANCE_API_KEY', 'BINANCE_API_SECRET']) {
      expect(text).toContain(word);
    }
  });

  it('names the missing half of the credentials', () => {
    expect(said({ key: KEY })).toMatch(/API key is set, but the API secret is not set/);
    expect(said({ key: KEY, secret: 'changeme' })).toMatch(/secret is still a placeholder/);
    expect(said({ secret: SECRET })).toMatch(/set BINANCE_API_KEY as well/);
  });

  it('for unconfirmed mainnet names the confirmation and the test venue', () => {
    const text = said({ ...both, testnet: false, confirm: 'yes' });
    expect(text).toContain('LIVE_TRADING_CONFIRM=mainnet');
    expect(text).toContain('BINANCE_TESTNET=true');
    expect(text).toContain('“yes”');
  });

  it('carries the seed or the recording as the source', () => {
    expect(resolved({ synthetic: true })).toMatchObject({ mode: { source: { kind: 'generator', seed: 7 } } });
    expect(resolved({ synthetic: true, replay: true })).toMatchObject({ mode: { source: REPLAY } });
  });

  const anything = fc.record({
    key: fc.constantFrom('', 'your_api_key_here', 'short', KEY),
    secret: fc.constantFrom('', 'xxx', 'short', SECRET),
    publicMode: fc.boolean(),
    synthetic: fc.boolean(),
    testnet: fc.boolean(),
    confirm: fc.constantFrom('', 'true', 'MAINNET', 'mainnet'),
    replay: fc.boolean(),
  });

  it('never simulates if a real credential is set, and never trades if one is missing', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const result = outcome(given);
        if (given.key === KEY || given.secret === SECRET) expect(result).toMatch(/^(ABORT|live)/);
        if (given.key !== KEY || given.secret !== SECRET) expect(result).not.toMatch(/^live/);
      }),
    );
  });

  it('needs the switch for mainnet trading, public data and synthetic markets', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const result = outcome(given);
        if (result === 'live mainnet') expect(given).toMatchObject({ testnet: false, confirm: 'mainnet' });
        if (result.startsWith('public')) expect(given.publicMode).toBe(true);
        if (result.startsWith('synthetic')) expect(given.synthetic).toBe(true);
      }),
    );
  });

  it('never shows a credential', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const text = JSON.stringify(resolved(given));
        expect(text).not.toContain(KEY);
        expect(text).not.toContain(SECRET);
      }),
    );
  });
});
