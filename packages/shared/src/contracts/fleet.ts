import { z } from 'zod';
import { DamagedKey } from '../domain/damaged-key.ts';
import {
  Alert,
  FleetMode,
  FleetState,
  Heartbeat,
  LogRecord,
  OperatorCommand,
  ReplayAck,
  ReplayProgress,
} from '../domain/fleet.ts';
import { FrameBatch } from '../domain/market-data.ts';
import { FleetMetrics } from '../domain/metrics.ts';
import { ModelStatus } from '../domain/model-status.ts';
import { StrategyStatus } from '../domain/strategy-status.ts';
import { FleetLogState, SupervisedService, SupervisorBeat } from '../domain/supervision.ts';
import { channel, map, record, stream, value } from './entry.ts';
import { isFrameBatch } from './hot-checks.ts';
import { ALL_SERVICES, observers } from './service-groups.ts';

/** Names in Redis for the fleet itself: mode, state, commands, heartbeats, logs, alerts and replays. */
export const Fleet = {
  channels: {
    fleetStateChanges: channel({
      name: 'fleet_state_changes',
      schema: FleetState,
      writers: ['signal-engine'],
      readers: ['execution-manager', 'decision-logger', ...observers],
      about: 'fleet:state after each change.',
    }),
    replayFrames: channel({
      name: 'replay_frames',
      schema: FrameBatch,
      check: isFrameBatch,
      writers: ['data-ingestor'],
      readers: ['signal-engine', 'decision-logger'],
      about: 'The market of a lock-step replay, many frames per message; it replaces the channels of each symbol.',
    }),
    replayAcks: channel({
      name: 'replay_acks',
      schema: ReplayAck,
      writers: ['signal-engine', 'decision-logger'],
      readers: ['data-ingestor', 'decision-logger'],
      about: 'Answers to the frames of a lock-step replay: progress of signal-engine, and records of decision-logger.',
    }),
  },
  values: {
    schemaVersion: value({
      name: 'fleet:schema',
      schema: z.strictObject({ project: z.literal('helios'), version: z.number().int() }),
      writers: ['fleet'],
      readers: ['fleet'],
      about: 'Marks this database as ours, with the version of its layout.',
    }),
    fleetMetrics: value({
      name: 'fleet:metrics',
      schema: FleetMetrics,
      ttlSec: 60,
      writers: ['monitoring-agent'],
      readers: ['dashboard-api'],
      about: 'All metrics, gathered every ten seconds. GET /api/metrics answers with them while they are fresh.',
    }),
  },
  records: {
    fleetMode: record({
      name: 'fleet:mode',
      schema: FleetMode,
      writers: ['fleet'],
      readers: [...ALL_SERVICES, 'fleet'],
      about: 'The resolved mode: the only source of badge, hosts and services.',
    }),
    fleetLog: record({
      name: 'fleet:log',
      schema: FleetLogState,
      writers: ['fleet'],
      readers: ['monitoring-agent'],
      about: 'Whether the supervisor can write helios.log; written every five seconds.',
    }),
    fleetState: record({
      name: 'fleet:state',
      schema: FleetState,
      writers: ['signal-engine'],
      readers: ['signal-engine', 'risk-manager', 'execution-manager', 'decision-logger', ...observers, 'fleet'],
      about:
        'The trading state. Only signal-engine writes it; decision-logger stores it in the ledger. The first live start is HALTED until Start.',
    }),
    supervisorBeat: record({
      name: 'fleet:supervisor',
      schema: SupervisorBeat,
      ttlSec: 60,
      writers: ['fleet'],
      readers: ['fleet'],
      about: 'The supervisor of this database, written every few seconds. It prevents a second supervisor.',
    }),
    heartbeat: record({
      name: 'heartbeat:{service}',
      schema: Heartbeat,
      ttlSec: 120,
      writers: ALL_SERVICES,
      readers: [...observers, 'fleet'],
      about: 'A service’s liveness, loop lag and message age, once per second.',
    }),
    modelStatus: record({
      name: 'model_status',
      schema: ModelStatus,
      ttlSec: 60,
      writers: ['signal-engine'],
      readers: ['monitoring-agent', 'dashboard-api'],
      about:
        'The model in use, what it said, and how far the market drifted from its training; written every five seconds.',
    }),
    strategyStatus: record({
      name: 'strategy_status',
      schema: StrategyStatus,
      ttlSec: 60,
      writers: ['signal-engine'],
      readers: ['dashboard-api'],
      about: 'The enabled reasons, what their triggers were worth so far, and the costs; written every five seconds.',
    }),
    replayProgress: record({
      name: 'replay_progress',
      schema: ReplayProgress,
      writers: ['data-ingestor'],
      readers: ['data-ingestor', ...observers, 'fleet'],
      about: 'Progress of the replay, and faults in the recording.',
    }),
  },
  maps: {
    supervisedServices: map({
      name: 'supervised_services',
      field: 'service',
      schema: SupervisedService,
      writers: ['fleet'],
      readers: [...observers, 'fleet'],
      about: 'State of each supervised process: status, pid, restarts, last exit.',
    }),
    damagedKeys: map({
      name: 'damaged_keys',
      field: 'key',
      schema: DamagedKey,
      writers: [...ALL_SERVICES, 'fleet'],
      readers: ['monitoring-agent'],
      about:
        'Keys that were overwritten with another type. The process that finds one renames it to `damaged:{key}` and writes the right one again. Kept for seven days.',
    }),
  },
  streams: {
    operatorCommands: stream({
      name: 'operator_commands',
      schema: OperatorCommand,
      trim: 'read',
      maxLength: 20_000,
      writers: ['dashboard-api', 'fleet', 'risk-manager', 'execution-manager'],
      readers: ['signal-engine', 'risk-manager', 'execution-manager'],
      about:
        'Commands: start, stop and flatten of the operator, and halts with author and reason. Each counts once by its command_id.',
    }),
    alerts: stream({
      name: 'alerts',
      schema: Alert,
      trim: 'oldest',
      maxLength: 1_000,
      writers: ['monitoring-agent'],
      readers: observers,
      about: 'Problems for the operator, with what to do.',
    }),
    logs: stream({
      name: 'logs',
      schema: LogRecord,
      trim: 'oldest',
      maxLength: 2_000,
      writers: ALL_SERVICES,
      readers: [...observers],
      about: 'Log lines of WARN and above of all services.',
    }),
  },
} as const;
