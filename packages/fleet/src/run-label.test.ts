import { describe, expect, it } from 'vitest';
import type { ModeChoice } from './resolve-mode.mjs';
import { runLabel } from './run-label.ts';
import { newSession } from './session.ts';

const live = (network: 'mainnet' | 'testnet'): ModeChoice => ({ mode: 'live', network, reason: '' });
const generator = (seed: number): ModeChoice => ({
  mode: 'synthetic',
  network: 'none',
  reason: '',
  source: { kind: 'generator', seed },
});
const replay: ModeChoice = {
  mode: 'synthetic',
  network: 'none',
  reason: '',
  source: { kind: 'replay', files: ['x'], speed: 1, exit: false },
};

describe('runLabel', () => {
  it('differs by mode, network, account, seed and recording', () => {
    const labels = [
      runLabel(live('mainnet'), 'account one', []),
      runLabel(live('testnet'), 'account one', []),
      runLabel(live('testnet'), 'account two', []),
      runLabel({ mode: 'public', network: 'mainnet', reason: '' }, '', []),
      runLabel(generator(1), '', []),
      runLabel(generator(2), '', []),
      runLabel(replay, '', [{ path: '/a/btc.gz', bytes: 10 }]),
      runLabel(replay, '', [{ path: '/a/btc.gz', bytes: 11 }]),
      runLabel(replay, '', [
        { path: '/a/btc.gz', bytes: 10 },
        { path: '/a/eth.gz', bytes: 10 },
      ]),
    ];
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('is the same for one recording in any folder, and never contains the key', () => {
    expect(runLabel(replay, '', [{ path: '/a/btc.gz', bytes: 10 }])).toBe(
      runLabel(replay, '', [{ path: '/elsewhere/btc.gz', bytes: 10 }]),
    );
    expect(runLabel(live('mainnet'), 'account one', [])).not.toContain('account');
  });

  it('contains a custom venue, so that its account stays separate', () => {
    const at = (venue?: string): ModeChoice => ({
      mode: 'public',
      network: 'mainnet',
      reason: '',
      ...(venue === undefined ? {} : { venue }),
    });
    expect(runLabel(at(), '', [])).toBe('public:mainnet');
    expect(runLabel(at('127.0.0.1:9090'), '', [])).toBe('public:custom:127.0.0.1:9090');
    const custom = runLabel({ ...live('testnet'), venue: '127.0.0.1:9090' }, 'account one', []);
    expect(custom).toMatch(/^live:testnet:custom:127\.0\.0\.1:9090:[0-9a-f]{10}$/);
    expect(custom).not.toBe(runLabel({ ...live('testnet'), venue: '127.0.0.1:9090' }, 'account two', []));
    const long = (end: string) => runLabel(at(`${'v'.repeat(240)}${end}:443`), '', []);
    expect(long('a')).not.toBe(long('b'));
    expect(long('a').length).toBeLessThanOrEqual(200);
  });

  it('stays within the maximum length of a run name', () => {
    const label = runLabel(replay, '', [{ path: `/a/${'n'.repeat(240)}.gz`, bytes: 10 }]);
    expect(label.length).toBeLessThanOrEqual(200);
  });
});

describe('newSession', () => {
  it('sorts by time, and differs within the same millisecond', () => {
    const times = [Date.UTC(2026, 0, 2), Date.UTC(2026, 0, 2) + 1, Date.UTC(2026, 10, 1), Date.UTC(2027, 0, 1)];
    const sessions = times.map(newSession);
    expect([...sessions].sort()).toEqual(sessions);
    const [time = 0] = times;
    expect(new Set(Array.from({ length: 20 }, () => newSession(time))).size).toBeGreaterThan(10);
  });
});
