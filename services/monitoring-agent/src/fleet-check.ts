import { ClockWatch } from '@helios/core/time/clock-watch.ts';
import { Maps, Rankings, Records } from '@helios/shared/contracts/catalog.ts';
import type { FleetMode, ReplayProgress } from '@helios/shared/domain/fleet.ts';
import { haltingTrouble, type LedgerTrouble } from '@helios/shared/domain/known-ledger.ts';
import type { ModelStatus } from '@helios/shared/domain/model-status.ts';
import type { RecordingStatus } from '@helios/shared/domain/recording-status.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { PerformanceSummary } from '@helios/shared/domain/statistics.ts';
import type { FleetLogState } from '@helios/shared/domain/supervision.ts';
import type { VenueStatus } from '@helios/shared/domain/venue-status.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { type FleetMember, readFleetMembers } from '@helios/shared/runtime/fleet-members.ts';
import type { Condition } from './alert-codes.ts';
import { type LiveReading, LiveWatch } from './live-watch.ts';
import type { LogWatch } from './log-watch.ts';
import { checkLosses } from './loss-watch.ts';
import { checkModel } from './model-watch.ts';
import { checkRecording } from './recording-watch.ts';
import { createRedisWatch, type RedisReading } from './redis-watch.ts';
import { createServiceWatch, isRecent } from './service-watch.ts';
import { createReplayWatch, type StreamWatch } from './stream-watch.ts';
import { venueAway } from './venue-away.ts';

interface Parts {
  readonly bus: Bus<'monitoring-agent'>;
  readonly limits: Settings['alerts'];
  readonly risk: Settings['risk'];
  readonly mode: FleetMode;
  /** Heartbeats and log lines carry the machine's time, books the market's. */
  readonly wall: Clock;
  readonly market: Clock;
  readonly streams: StreamWatch;
  readonly logs: LogWatch;
}

/** The values that a check has read; the metrics use them too. */
export interface CheckReading {
  /** When it was read, by the machine's clock. */
  readonly ts: number;
  readonly services: readonly FleetMember[];
  /** Statistics of the closed trades; they may be of another run. */
  readonly summary: PerformanceSummary | undefined;
  /** The account, and in live the state of live trading; only of this run. */
  readonly live: LiveReading;
}

export interface FleetCheck {
  /** Checks the whole fleet once and returns all present conditions, including a lost Redis. */
  check(): Promise<Condition[]>;
  /** The reading of the last check; undefined while Redis is lost. */
  lastReading(): CheckReading | undefined;
}

export function createFleetCheck({ bus, limits, risk, mode, wall, market, streams, logs }: Parts): FleetCheck {
  const services = createServiceWatch(limits, mode.resolved_ts);
  const replay = createReplayWatch(limits.stale_stream_sec * 1_000, mode);
  const redis = createRedisWatch(mode);
  const liveWatch = new LiveWatch({ limits, risk, mode });
  let redisLost = false;
  let streamsSince = Number.NEGATIVE_INFINITY;
  let since = { wall: wall.now(), market: market.now() };
  let lasting: Condition[] = [];
  const clockWatch = new ClockWatch();
  let setBack: { readonly byMs: number; readonly ts: number } | undefined;
  let losses = checkLosses(undefined, limits, mode);
  let lastReading: CheckReading | undefined;

  async function judge(): Promise<void> {
    const seen = await look({ bus, mode, wall });
    const now = { wall: wall.now(), market: market.now() };
    lastReading = { ts: now.wall, services: seen.services, summary: seen.summary, live: seen.live };
    losses = checkLosses(seen.summary, limits, mode);
    // No service could write while Redis was away: silence counts from its return.
    if (redisLost) since = now;
    const setBackMs = clockWatch.read(now.wall);
    // The age of earlier stamps is unknown: silence counts from now.
    if (setBackMs !== undefined) [since, setBack] = [now, { byMs: setBackMs, ts: now.wall }];
    redisLost = false;
    const away = venueAway(seen.venue, mode);
    // VENUE_AWAY already covers streams that stop now: silence counts from the venue's return.
    if (away) streamsSince = now.market;
    const stalled = replay(seen.progress, now.wall, since.wall);
    const ledger = ledgerTrouble(seen.ledger, mode);
    const ofServices = services.check(seen.services, now.wall, since.wall);
    lasting = [
      // The ledger alert already says what to do. SERVICE_STARTING would advise a restart, which does not help.
      ...(ledger.length > 0 ? ofServices.filter((condition) => !isLongStartOfLogger(condition)) : ofServices),
      ...streams.check(now.market, Math.max(since.market, streamsSince)),
      ...(away ? [away] : []),
      ...(stalled ? [stalled] : []),
      ...logFault(seen.log, mode),
      ...redis(seen.redis, now.wall),
      ...ledger,
      ...checkModel(seen.model, mode),
      ...checkRecording(seen.recording, mode, away !== undefined),
      ...liveWatch.check(seen.live, now.wall, since.wall),
      ...logs.check(now.wall),
      ...(setBack && isRecent(setBack.ts, now.wall) ? [clockSetBack(setBack.byMs)] : []),
    ];
  }

  /** Judges the fleet. Returns REDIS_LOST if Redis is away or takes no writes, and then judges nothing. */
  async function judged(): Promise<Condition[]> {
    try {
      const refusal = bus.writeRefusal();
      // While Redis takes no writes, heartbeats grow old without meaning that a service is down.
      if (refusal) throw refusal.error;
      await judge();
      return [];
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
      redisLost = true;
      lastReading = undefined;
      return [{ code: 'REDIS_LOST', service: 'redis', subject: 'redis', message: error.message }];
    }
  }

  return {
    async check() {
      const lost = await judged();
      // While Redis is lost, the earlier conditions stay open.
      return [...lasting, ...losses, ...lost];
    },
    lastReading: () => lastReading,
  };
}

const isLongStartOfLogger = ({ code, service }: Condition): boolean =>
  code === 'SERVICE_STARTING' && service === 'decision-logger';

/** The ledger fault that decision-logger reports for this run. */
function ledgerTrouble(trouble: LedgerTrouble | undefined, { run }: FleetMode): Condition[] {
  if (trouble?.run !== run) return [];
  const code = haltingTrouble(trouble, run) ? 'LEDGER_LOST' : 'LEDGER_UNWRITABLE';
  const { message, action } = trouble;
  return [{ code, service: 'decision-logger', subject: 'ledger', message, action, gist: trouble.code }];
}

/** A fault of helios.log, which the supervisor writes. Ignores what an earlier supervisor reported. */
function logFault(log: FleetLogState | undefined, mode: FleetMode): Condition[] {
  if (log?.fault === undefined || log.ts < mode.resolved_ts) return [];
  return [{ code: 'LOG_FILE_FAULT', service: 'fleet', subject: 'helios.log', message: log.fault }];
}

function clockSetBack(byMs: number): Condition {
  const message = `The machine’s clock was set back by ${Math.round(byMs / 1_000)} s.`;
  return { code: 'CLOCK_SET_BACK', service: 'monitoring-agent', subject: 'clock', message };
}

interface Seen extends Omit<CheckReading, 'ts'> {
  readonly progress: ReplayProgress | undefined;
  readonly redis: RedisReading;
  readonly venue: VenueStatus | undefined;
  readonly ledger: LedgerTrouble | undefined;
  readonly log: FleetLogState | undefined;
  readonly model: ModelStatus | undefined;
  readonly recording: RecordingStatus | undefined;
}

/** Reads the records that this mode has. */
async function look({ bus, mode, wall }: Pick<Parts, 'bus' | 'mode' | 'wall'>): Promise<Seen> {
  const [services, summary, progress, stats, venue, ledger, log, watchlist, damaged, model, recording] =
    await Promise.all([
      readFleetMembers(bus, mode, wall.now()),
      bus.getRecord(mode.mode === 'live' ? Records.performance : Records.simulatedPnl),
      mode.source?.kind === 'replay' ? bus.getRecord(Records.replayProgress) : undefined,
      bus.serverInfo('stats'),
      mode.mode === 'synthetic' ? undefined : bus.getRecord(Records.venueStatus),
      bus.getRecord(Records.ledgerTrouble),
      bus.getRecord(Records.fleetLog),
      bus.getRanking(Rankings.watchlist),
      bus.getMap(Maps.damagedKeys),
      bus.getRecord(Records.modelStatus),
      mode.mode === 'synthetic' ? undefined : bus.getRecord(Records.recordingStatus),
    ]);
  const redis = { stats, watched: watchlist.length, damaged: Object.values(damaged) };
  return { services, summary, progress, redis, venue, ledger, log, model, recording, live: await readLive(bus, mode) };
}

async function readLive(bus: Parts['bus'], { mode, run }: FleetMode): Promise<LiveReading> {
  const isLive = mode === 'live';
  const [account, status, counts, trading] = await Promise.all([
    bus.getRecord(Records.account),
    isLive ? bus.getRecord(Records.liveStatus) : undefined,
    isLive ? bus.getRecord(Records.liveCounts) : undefined,
    isLive ? bus.getRecord(Records.fleetState) : undefined,
  ]);
  const own = <T extends { readonly run: string }>(record: T | undefined) => (record?.run === run ? record : undefined);
  return { account: own(account), status: own(status), counts: own(counts), trading };
}
