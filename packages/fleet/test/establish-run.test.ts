import { Lists, Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import { connectAdmin, type RedisAdmin } from '@helios/shared/runtime/redis-admin.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis, type TestRedis } from '@helios/shared/testing/test-redis.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ARCHIVE_TTL_SEC, ARCHIVES_KEPT, archiveEarlierRun } from '../src/archive-run.ts';
import { claimDatabase } from '../src/claim-database.ts';
import { describeRun, establishRun, modeOfStart } from '../src/establish-run.ts';
import { KEPT_ENTRIES, patternOf, scopeOf } from '../src/run-scope.ts';

let redis: TestRedis;
let admin: RedisAdmin;
const place = () => ({ host: redis.host, port: redis.port, db: 0 });

beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  await redis.call('FLUSHALL');
  admin = await connectAdmin(place(), silentLog, 3_000);
});
afterEach(() => admin.close());

const keys = async (): Promise<string[]> => (await admin.keys('*')).sort();

function modeOf(run: string, session: string, replay = false): FleetMode {
  const source: FleetMode['source'] = replay
    ? { kind: 'replay', files: ['a'], speed: 1, exit: false }
    : { kind: 'generator', seed: 1 };
  return { mode: 'synthetic', network: 'none', run, session, reason: 'test', resolved_ts: 1, source };
}

/** Writes what a fleet leaves: the mode, and keys of every kind. */
async function leave(mode: FleetMode): Promise<void> {
  await redis.call('DEL', 'fleet:mode');
  await redis.call('HSET', 'fleet:mode', 'run', mode.run, 'session', mode.session);
  await redis.call('HSET', 'fleet:state', 'state', 'HALTED');
  await redis.call('LPUSH', 'decision_logs', 'newest', 'older');
  await redis.call('XADD', 'signals', '*', 'message', '{}');
  await redis.call('XGROUP', 'CREATE', 'signals', 'decision-logger', '0');
  await redis.call('SET', 'orderbook:BTCUSDT', '{}');
  await redis.call('LPUSH', 'klines:BTCUSDT:1m', '{}');
  await redis.call('HSET', 'heartbeat:signal-engine', 'pid', '1');
  await redis.call('XADD', 'alerts', '*', 'message', '{}');
}
const RUN_KEYS = ['alerts', 'decision_logs', 'klines:BTCUSDT:1m', 'orderbook:BTCUSDT', 'signals'];
const FLEET_KEYS = ['heartbeat:signal-engine'];

describe('claimDatabase', () => {
  it('accepts a database that only our services wrote to after Redis lost its data, and refuses one that only looks similar', async () => {
    const bus = await connectBus('signal-engine', { ...place(), log: silentLog });
    const now = Date.now();
    const beat = { service: 'signal-engine', status: 'RUNNING', pid: 1, ts: now, started_ts: now } as const;
    const figures = { loop_lag_ms: 0, messages: 0, malformed: 0, rss_mb: 1 };
    const written = () =>
      bus.write((batch) => batch.setRecord(Records.heartbeat, { ...beat, ...figures }, { service: 'signal-engine' }));
    try {
      await redis.call('SET', 'orderbook:BTCUSDT', '{}');
      await expect(claimDatabase(admin, place()), 'names alone').rejects.toThrow(/not ours/);
      await redis.call('SET', 'heartbeat:signal-engine', '1');
      await expect(claimDatabase(admin, place()), 'no heartbeat').rejects.toThrow(/not ours/);
      await redis.call('DEL', 'heartbeat:signal-engine');
      await written();
      await redis.call('SET', 'somebody', '1');
      await expect(claimDatabase(admin, place()), 'with a foreign key').rejects.toThrow(/not ours/);
      expect(await admin.get('fleet:schema')).toBeUndefined();
      await redis.call('DEL', 'somebody');
      await claimDatabase(admin, place());
      expect(await keys()).toEqual(['fleet:schema', 'heartbeat:signal-engine', 'orderbook:BTCUSDT']);
    } finally {
      await bus.close();
    }
  });

  it('marks an empty database and recognises it later', async () => {
    await claimDatabase(admin, place());
    await redis.call('SET', 'orderbook:BTCUSDT', '{}');
    await claimDatabase(admin, place());
    expect(JSON.parse((await admin.get('fleet:schema')) ?? '')).toEqual({ project: 'helios', version: 1 });
  });

  it.each([
    ['other keys', ['SET', 'sidekiq:queue', '1']],
    ['our name with another text', ['SET', 'fleet:schema', 'v3']],
    ['our name with another project', ['SET', 'fleet:schema', '{"project":"other","version":1}']],
    ['our name with another type', ['LPUSH', 'fleet:schema', 'x']],
  ] as const)('refuses %s, names REDIS_PORT and REDIS_DB, changes nothing', async (_, [name, ...args]) => {
    await redis.call(name, ...args);
    const before = await keys();
    await expect(claimDatabase(admin, place())).rejects.toThrow(/not ours[\s\S]*REDIS_DB=1[\s\S]*REDIS_PORT=/);
    expect(await keys()).toEqual(before);
  });

  it('refuses a database of another schema version', async () => {
    await redis.call('SET', 'fleet:schema', '{"project":"helios","version":99}');
    await expect(claimDatabase(admin, place())).rejects.toThrow(/Another version of Helios wrote .* \(schema 99/);
  });
});

describe('archiveEarlierRun', () => {
  it('archives all keys of another run, including trading state and consumer groups', async () => {
    await leave(modeOf('synthetic:seed:1', 's1'));
    const report = await archiveEarlierRun(admin, modeOf('synthetic:seed:2', 's2'));
    expect(report).toEqual({ session: 's1', keys: 6, dropped: [] });
    const archived = [...RUN_KEYS, 'fleet:mode', 'fleet:state'].map((name) => `archive:s1:${name}`);
    expect(await keys()).toEqual([...FLEET_KEYS, ...archived].sort());
    expect(await redis.call('LRANGE', 'archive:s1:decision_logs', 0, -1)).toEqual(['older', 'newest']);
    expect(await redis.call('XINFO', 'GROUPS', 'archive:s1:signals')).toHaveLength(1);
    const ttl = Number(await redis.call('TTL', 'archive:s1:signals'));
    expect(ttl).toBeGreaterThan(ARCHIVE_TTL_SEC - 60);
    expect(ttl).toBeLessThanOrEqual(ARCHIVE_TTL_SEC);
  });

  it('restores a run’s trading state after another run, without an expiry', async () => {
    await leave(modeOf('synthetic:seed:1', 's1'));
    await archiveEarlierRun(admin, modeOf('synthetic:seed:2', 's2'));
    await leave(modeOf('synthetic:seed:2', 's2'));
    await redis.call('HSET', 'fleet:state', 'state', 'REDUCING');
    await archiveEarlierRun(admin, modeOf('synthetic:seed:1', 's3'));
    expect(await admin.hash('fleet:state')).toEqual({ state: 'HALTED' });
    expect(await redis.call('TTL', 'fleet:state')).toBe(-1);
    await leave(modeOf('synthetic:seed:1', 's3'));
    await redis.call('HSET', 'fleet:state', 'state', 'ACTIVE');
    await archiveEarlierRun(admin, modeOf('synthetic:seed:2', 's4'));
    expect(await admin.hash('fleet:state')).toEqual({ state: 'REDUCING' });
    // A new run begins without a state, whatever the archives hold.
    await leave(modeOf('synthetic:seed:2', 's4'));
    await archiveEarlierRun(admin, modeOf('synthetic:seed:9', 's5'));
    expect(await admin.exists('fleet:state')).toBe(false);
  });

  it('restores the moves that a run measured after another run: EDGE_VS_COST must not begin from zero', async () => {
    await leave(modeOf('public:mainnet', 's1'));
    await redis.call('HSET', 'reason_moves', 'EXHAUSTION', 'measured for months');
    await archiveEarlierRun(admin, modeOf('synthetic:replay:a', 's2', true));
    expect(await admin.exists('reason_moves')).toBe(false);
    await leave(modeOf('synthetic:replay:a', 's2', true));
    await archiveEarlierRun(admin, modeOf('public:mainnet', 's3'));
    expect(await admin.hash('reason_moves')).toEqual({ EXHAUSTION: 'measured for months' });
    expect(await redis.call('TTL', 'reason_moves')).toBe(-1);
  });

  it('archives nothing when the same run restarts', async () => {
    await leave(modeOf('synthetic:seed:1', 's1'));
    const before = await keys();
    await archiveEarlierRun(admin, modeOf('synthetic:seed:1', 's2'));
    expect(await keys()).toEqual(before);
  });

  it('archives an earlier session of the same replay, but keeps its trading state', async () => {
    await leave(modeOf('synthetic:replay:a', 's1', true));
    await archiveEarlierRun(admin, modeOf('synthetic:replay:a', 's2', true));
    const archived = [...RUN_KEYS, 'fleet:mode'].map((name) => `archive:s1:${name}`);
    expect(await keys()).toEqual([...FLEET_KEYS, ...archived, 'fleet:state'].sort());
  });

  it('finishes the archiving of a start that died, and overwrites nothing', async () => {
    await leave(modeOf('synthetic:seed:1', 's1'));
    await redis.call('RENAME', 'signals', 'archive:s1:signals');
    await redis.call('XADD', 'signals', '*', 'message', '{"written":"in between"}');
    await archiveEarlierRun(admin, modeOf('synthetic:seed:2', 's2'));
    expect(await redis.call('XLEN', 'archive:s1:signals')).toBe(1);
    expect(await redis.call('XLEN', 'archive:s1:signals~1')).toBe(1);
    expect(await redis.call('EXISTS', 'signals')).toBe(0);
  });

  it('archives keys without a mode under their own session name', async () => {
    await redis.call('LPUSH', 'decision_logs', 'x');
    const report = await archiveEarlierRun(admin, modeOf('synthetic:seed:1', 's2'));
    expect(report).toMatchObject({ session: 's2-before', keys: 1 });
    expect(await keys()).toEqual(['archive:s2-before:decision_logs']);
  });

  it('keeps only the newest archives', async () => {
    for (let start = 1; start <= ARCHIVES_KEPT + 2; start += 1) {
      await leave(modeOf(`synthetic:seed:${start}`, `s${start}`));
      await archiveEarlierRun(admin, modeOf(`synthetic:seed:${start + 1}`, `s${start + 1}`));
    }
    const sessions = new Set((await admin.keys('archive:*')).map((key) => key.split(':')[1]));
    expect([...sessions].sort()).toEqual(['s3', 's4', 's5']);
  });

  it('archives for another run every kept entry except those of the fleet', () => {
    const kept = KEPT_ENTRIES.filter((entry) => scopeOf(entry) === 'fleet').map(patternOf);
    expect(kept.sort()).toEqual([
      'damaged_keys',
      'fleet:log',
      'fleet:schema',
      'fleet:supervisor',
      'heartbeat:*',
      'known_ledgers',
      'logs',
      'supervised_services',
    ]);
    for (const entry of [
      Streams.alerts,
      Lists.decisionLogs,
      Streams.operatorCommands,
      Maps.openPositions,
      Records.simulatedPnl,
    ]) {
      expect(scopeOf(entry)).toBe('session');
    }
    expect(scopeOf(Records.fleetState)).toBe('run');
    expect(scopeOf(Maps.reasonMoves)).toBe('run');
  });
});

describe('establishRun', () => {
  const NAMES = KEPT_ENTRIES.map((entry) => ({ name: patternOf(entry).replaceAll('*', 'X'), kind: entry.kind }));

  it.each(['SET', 'SADD', 'XADD', 'HSET', 'RPUSH'])(
    'puts aside every key that a %s overwrote, and starts',
    async (command) => {
      const bus = await connectBus('fleet', { ...place(), log: silentLog, connectTimeoutMs: 3_000 });
      const rightKinds = { SET: ['value'], SADD: [], XADD: ['stream'], HSET: ['record', 'map'], RPUSH: ['list'] };
      const wrong = NAMES.filter(({ kind }) => !rightKinds[command as 'SET'].includes(kind as 'value'));
      const args = { XADD: ['*', 'a', 'b'], HSET: ['a', 'b'] }[command] ?? ['x'];
      for (const { name } of NAMES) await redis.call(command, name, ...args);
      try {
        const mode = modeOf('synthetic:seed:1', 's1');
        if (command !== 'SET') await expect(establishRun(admin, bus, mode, place())).rejects.toThrow(/not ours/);
        const report = await establishRun(admin, bus, mode, { ...place(), isPrivate: true });
        expect(report.damaged.map(({ key }) => key).sort()).toEqual(wrong.map(({ name }) => name).sort());
        for (const { name } of wrong) expect(await redis.call('EXISTS', `damaged:${name}`), name).toBe(1);
        const lines = describeRun(mode, report).join('\n');
        for (const { name } of wrong)
          expect(lines).toContain(`its content is now damaged:${name}, and Helios writes the key again`);
        expect(await bus.getRecord(Records.fleetMode)).toEqual(mode);
      } finally {
        await bus.close();
      }
    },
  );

  it('accepts a database with an overwritten mark if it holds a complete fleet:mode', async () => {
    const bus = await connectBus('fleet', { ...place(), log: silentLog, connectTimeoutMs: 3_000 });
    try {
      const mode = modeOf('synthetic:seed:1', 's1');
      await establishRun(admin, bus, mode, place());
      await redis.call('SET', 'archive:s0:fleet:mode', 'typed by hand');
      for (const text of ['typed by hand', '{"project":"other","version":1}']) {
        await redis.call('SET', 'fleet:schema', text);
        await establishRun(admin, bus, mode, place());
        expect(JSON.parse((await admin.get('fleet:schema')) ?? '')).toEqual({ project: 'helios', version: 1 });
      }
      // An archived fleet:mode of another type is ignored.
      await establishRun(admin, bus, modeOf('synthetic:seed:2', 's2'), place());
    } finally {
      await bus.close();
    }
  });

  it('writes the mode last, readable by every service', async () => {
    await claimDatabase(admin, place());
    await leave(modeOf('synthetic:seed:1', 's1'));
    const bus = await connectBus('fleet', { ...place(), log: silentLog, connectTimeoutMs: 3_000 });
    try {
      const mode = modeOf('synthetic:seed:2', 's2');
      const report = await establishRun(admin, bus, mode, place());
      expect(report.session).toBe('s1');
      expect(await bus.getRecord(Records.fleetMode)).toEqual(mode);
    } finally {
      await bus.close();
    }
  });
});

describe('connectAdmin', () => {
  it('names a database number that does not exist', async () => {
    await expect(connectAdmin({ ...place(), db: 99 }, silentLog, 2_000)).rejects.toThrow(/out of range/);
  });
});

describe('modeOfStart', () => {
  const publicMode = { mode: 'public', network: 'mainnet', reason: 'test' } as const;

  it('separates the account of a local venue from that of the real venue, and shows the venue', async () => {
    const at = (binance: { rest_url?: string; stream_url?: string }) =>
      modeOfStart(publicMode, defaultSettings({ binance }), []);
    const real = await at({});
    expect(real).toMatchObject({ run: 'public:mainnet' });
    expect(real.venue).toBeUndefined();
    // Public mode ignores stream_url.
    expect((await at({ stream_url: 'ws://127.0.0.1:9090' })).run).toBe('public:mainnet');
    const local = await at({ rest_url: 'http://127.0.0.1:9090' });
    expect(local).toMatchObject({ venue: '127.0.0.1:9090', run: 'public:custom:127.0.0.1:9090' });
    const lines = (mode: FleetMode) => describeRun(mode, { session: undefined, keys: 0, dropped: [], damaged: [] });
    expect(lines(local)[0]).toContain('CUSTOM VENUE at 127.0.0.1:9090');
    expect(lines(real)[0]).not.toContain('CUSTOM');
  });
});
