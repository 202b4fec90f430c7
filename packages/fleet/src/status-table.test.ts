import type { Heartbeat } from '@helios/shared/domain/fleet.ts';
import { describe, expect, it } from 'vitest';
import { describeStatus, withSilence } from './status-table.ts';

const beat: Heartbeat = {
  service: 'signal-engine',
  status: 'RUNNING',
  pid: 7,
  ts: 98_500,
  started_ts: 1,
  loop_lag_ms: 2.25,
  message_age_ms: 12,
  messages: 1,
  malformed: 0,
  rss_mb: 77.4,
};
const known = {
  service: 'signal-engine',
  state: 'RUNNING',
  pid: 7,
  restarts: 2,
  last_end: 'SIGKILL',
  changed_ts: 1,
} as const;
const linesOf = (services: Parameters<typeof describeStatus>[0]['services']) =>
  describeStatus({ mode: undefined, state: undefined, services }, 100_000);

describe('describeStatus', () => {
  it('shows a service with its heartbeat in columns', () => {
    const row = linesOf([{ known, beat }]).find((line) => line.startsWith('signal-engine'));
    expect(row?.split(/ {2,}/)).toEqual([
      'signal-engine',
      'RUNNING',
      '7',
      '2',
      '1.5 s ago',
      '77 MB',
      '2.3 ms',
      '12 ms',
      'SIGKILL',
    ]);
  });

  it('shows no figures from the heartbeat of an earlier process', () => {
    const row = linesOf([{ known: { ...known, pid: 8 }, beat }]).find((line) => line.startsWith('signal-engine'));
    expect(row).not.toContain('MB');
  });

  it('names a custom venue', () => {
    const mode = { mode: 'public', network: 'mainnet', session: 's', reason: '', resolved_ts: 1 } as const;
    const first = (custom: { venue?: string; run: string }) =>
      describeStatus({ mode: { ...mode, ...custom }, state: undefined, services: [] }, 1)[0];
    expect(first({ run: 'public:mainnet' })).toBe('Mode: PUBLIC · network mainnet · run public:mainnet');
    expect(first({ venue: '127.0.0.1:9090', run: 'public:custom:127.0.0.1:9090' })).toBe(
      'Mode: PUBLIC · network mainnet, CUSTOM VENUE at 127.0.0.1:9090 · run public:custom:127.0.0.1:9090',
    );
  });

  it('shows how late a running service is, and how many messages wait', () => {
    const stateOf = (late: Partial<Heartbeat>) =>
      linesOf([{ known, beat: { ...beat, ...late } }])
        .find((line) => line.startsWith('signal-engine'))
        ?.split(/ {2,}/)[1];
    expect(stateOf({ behind_ms: 7_040, waiting: 6_012 })).toBe('RUNNING, 7.0 s behind, 6012 waiting');
    expect(stateOf({ behind_ms: 1_500 })).toBe('RUNNING, 1.5 s behind');
  });

  it('shows STANDBY, and a state that is not known yet', () => {
    expect(linesOf([{ known, beat: { ...beat, status: 'STANDBY' } }]).join('\n')).toMatch(/signal-engine +STANDBY/);
    expect(linesOf([]).join('\n')).toMatch(/Mode: not resolved\nTrading state: not set yet/);
  });
});

describe('withSilence', () => {
  const stateAt = (
    nowMs: number,
    given: Parameters<typeof withSilence>[0] = known,
    heard: Heartbeat | undefined = beat,
  ) => withSilence(given, heard, nowMs, 5_000).state;

  it('calls a service SILENT if its heartbeat is old, missing or from another process', () => {
    expect(stateAt(103_500)).toBe('RUNNING');
    expect(stateAt(103_501)).toBe('SILENT');
    expect(stateAt(100_000, known, { ...beat, pid: 8 })).toBe('SILENT');
    expect(stateAt(90_000)).toBe('SILENT');
    expect(stateAt(200_000, { ...known, state: 'STARTING' })).toBe('STARTING');
  });

  it('says that nobody watches if monitoring-agent is silent or missing', () => {
    const watcher = { ...known, service: 'monitoring-agent' } as const;
    const said = (services: Parameters<typeof linesOf>[0]) =>
      linesOf(services).filter((line) => line.startsWith('Nobody'));
    expect(said([{ known: watcher, beat }])).toEqual([]);
    expect(said([{ known: withSilence(watcher, beat, 200_000, 5_000), beat }])).toEqual([
      'Nobody watches the fleet: monitoring-agent is SILENT. There are no alerts until it is back.',
    ]);
    expect(said([{ known, beat }])).toHaveLength(1);
  });
});
