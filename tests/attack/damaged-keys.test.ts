import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { readRedisPassword } from '@helios/fleet/redis-password.ts';
import { KEPT_ENTRIES } from '@helios/fleet/run-scope.ts';
import { Records } from '@helios/shared/contracts/catalog.ts';
import { type AnyEntry, nameOf } from '@helios/shared/contracts/entry.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { findRedisServer } from '@helios/shared/testing/test-redis.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestFleet } from '../harness/fleet.ts';

const HOLES = { symbol: 'BTCUSDT', interval: '1m', service: 'signal-engine' };
const BACK_MS = 30_000;

/** One key of each name in the catalog, so new names are attacked as well. */
const KEYS = KEPT_ENTRIES.map((entry) => nameOf(entry, HOLES));
/** Keys that the fleet rewrites within seconds; the others return with their next write. */
const SOON_BACK: readonly AnyEntry['name'][] = [
  ...['fleet:schema', 'fleet:mode', 'fleet:state', 'heartbeat:{service}', 'supervised_services', 'watchlist'],
  ...[
    'instruments',
    'orderbook:{symbol}',
    'trade:{symbol}',
    'simulated_pnl_summary',
    'ledger_image',
    'market_regime:{symbol}',
  ],
  ...['signals', 'refusals', 'operator_commands', 'account_commands', 'logs', 'alerts'],
];
const SOON_BACK_KEYS = SOON_BACK.map((name) =>
  name.replace(/\{(\w+)\}/g, (_, hole) => HOLES[hole as keyof typeof HOLES]),
);

let fleet: TestFleet;
beforeAll(async () => {
  fleet = await TestFleet.start({});
}, 90_000);
afterAll(() => fleet.remove(), 30_000);

/** In one step: a service that finds the key missing would write it again before it is overwritten. */
const OVERWRITE = "redis.call('DEL', KEYS[1]) redis.call(ARGV[1], KEYS[1], 'typed by hand')";

/** Overwrites every key with a value of `type`; if that is the right type, with a set. */
async function overwriteAll(type: 'string' | 'set'): Promise<void> {
  for (const [i, key] of KEYS.entries()) {
    const command = type === 'string' && KEPT_ENTRIES[i]?.kind !== 'value' ? 'SET' : 'SADD';
    await fleet.redis('EVAL', OVERWRITE, '1', key, command);
  }
}

const typeOf = async (key: string): Promise<string> => (await fleet.redis('TYPE', key)).trim().slice(1);
const expectedType = { value: 'string', record: 'hash', map: 'hash', list: 'list', stream: 'stream', ranking: 'zset' };

async function expectWrittenAgain(): Promise<void> {
  for (const key of SOON_BACK_KEYS) {
    const kind = KEPT_ENTRIES[KEYS.indexOf(key)]?.kind as keyof typeof expectedType;
    await eventually(
      `${key} is a ${expectedType[kind]} again`,
      async () => (await typeOf(key)) === expectedType[kind],
      BACK_MS,
    );
  }
}

/** The private Redis of a stopped fleet, on its file. */
async function onItsFile(work: () => Promise<void>): Promise<void> {
  const { path, libraryPath } = findRedisServer();
  const dir = join(fleet.dataDir, 'redis-data');
  const args = [
    '--port',
    String(fleet.redisPort),
    '--bind',
    '127.0.0.1',
    '--dir',
    dir,
    '--appendonly',
    'yes',
    '--save',
    '',
  ];
  args.push('--requirepass', readRedisPassword(fleet.dataDir) ?? '');
  const env = { ...process.env, ...(libraryPath ? { LD_LIBRARY_PATH: libraryPath } : {}) };
  const server: ChildProcess = spawn(path, args, { stdio: 'ignore', env });
  const ended = once(server, 'exit');
  try {
    await eventually('redis answers', () =>
      fleet.redis('PING').then(
        (reply) => reply.includes('PONG'),
        () => false,
      ),
    );
    await work();
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}

describe('keys that were overwritten with another type', () => {
  test.each(['string', 'set'] as const)(
    'end no process (%s): each is put aside and rewritten',
    async (type) => {
      await overwriteAll(type);
      await expectWrittenAgain();
      expect(fleet.said).not.toMatch(/CRASHED|STOPPED/);
      const bus = await fleet.connect('dashboard-api');
      expect(await bus.getRecord(Records.fleetMode)).toMatchObject({ run: 'synthetic:seed:1' });
      await bus.close();
      // A whole record may be written over the damaged one unseen; entries are only ever added to a stream.
      expect(await typeOf('damaged:signals')).toBe(type);
    },
    90_000,
  );

  test('do not stop the next start: each is put aside, and the operator gets an alert', async () => {
    expect(await fleet.stop()).toBe(0);
    await onItsFile(() => overwriteAll('string'));
    fleet.launch({});
    await fleet.running();
    for (const key of KEYS) expect(fleet.said).toContain(`damaged:${key}`);
    await expectWrittenAgain();
    expect(fleet.said).not.toMatch(/CRASHED|STOPPED/);
  }, 120_000);
});
