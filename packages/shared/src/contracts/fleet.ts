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
      about: 'The market of a lock-step replay, many frames a message, in place of the channels of each symbol.',
    }),
    replayAcks: channel({
      name: 'replay_acks',
      schema: ReplayAck,
      writers: ['signal-engine', 'decision-logger'],
      readers: ['data-ingestor', 'decision-logger'],
      about:
        'Answers to frames of a lock-step replay: how far signal-engine has come, and what decision-logger recorded.',
    }),
  },
  values: {
    schemaVersion: value({
      name: 'fleet:schema',
      schema: z.strictObject({ project: z.literal('helios'), version: z.number().int() }),
      writers: ['fleet'],
      readers: ['fleet'],
      about: 'Says that this database is ours, and in which shape.',
    }),
  },
  records: {
    fleetMode: record({
      name: 'fleet:mode',
      schema: FleetMode,
      writers: ['fleet'],
      readers: [...ALL_SERVICES, 'fleet'],
      about: 'The resolved mode: the only source of badge, hosts and roster.',
    }),
    fleetLog: record({
      name: 'fleet:log',
      schema: FleetLogState,
      writers: ['fleet'],
      readers: ['monitoring-agent'],
      about: 'Whether the supervisor can write helios.log, every five seconds.',
    }),
    fleetState: record({
      name: 'fleet:state',
      schema: FleetState,
      writers: ['signal-engine'],
      readers: ['signal-engine', 'risk-manager', 'execution-manager', 'decision-logger', ...observers, 'fleet'],
      about:
        'The trading state, written by signal-engine alone; decision-logger keeps it in the ledger. In live it is HALTED and stays so as long as no orders are sent.',
    }),
    supervisorBeat: record({
      name: 'fleet:supervisor',
      schema: SupervisorBeat,
      ttlSec: 60,
      writers: ['fleet'],
      readers: ['fleet'],
      about: 'The supervisor that runs on this database, every few seconds: no other starts beside it.',
    }),
    heartbeat: record({
      name: 'heartbeat:{service}',
      schema: Heartbeat,
      ttlSec: 120,
      writers: ALL_SERVICES,
      readers: [...observers, 'fleet'],
      about: 'A service’s liveness, loop lag and message age, once a second.',
    }),
    replayProgress: record({
      name: 'replay_progress',
      schema: ReplayProgress,
      writers: ['data-ingestor'],
      readers: ['data-ingestor', ...observers, 'fleet'],
      about: 'How far the replay has come and what it found in the recording.',
    }),
  },
  maps: {
    supervisedServices: map({
      name: 'supervised_services',
      field: 'service',
      schema: SupervisedService,
      writers: ['fleet'],
      readers: [...observers, 'fleet'],
      about: 'What the supervisor knows of each process: state, pid, restarts, how it ended last.',
    }),
    damagedKeys: map({
      name: 'damaged_keys',
      field: 'key',
      schema: DamagedKey,
      writers: [...ALL_SERVICES, 'fleet'],
      readers: ['monitoring-agent'],
      about:
        'Keys that were overwritten with another type. The process that finds one renames it to `damaged:{key}` and writes ours again. Kept for seven days.',
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
        'Start, stop and flatten as the operator asked for them, and halts with author and reason; idempotent by command_id.',
    }),
    alerts: stream({
      name: 'alerts',
      schema: Alert,
      trim: 'oldest',
      maxLength: 1_000,
      writers: ['monitoring-agent'],
      readers: observers,
      about: 'What an operator should look at, with what to do.',
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
