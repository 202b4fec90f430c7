import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type RunningExchange, startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { momentCame } from '../src/chaos/ambush-moment.ts';
import { ChaosCourse } from '../src/chaos/chaos-course.ts';
import { type ChaosLinks, openLinks } from '../src/chaos/chaos-links.ts';
import type { ChaosStep } from '../src/chaos/chaos-step.ts';
import { MachineLoad } from '../src/chaos/machine-load.ts';
import { VenueFaults } from '../src/chaos/venue-faults.ts';
import { ProcessWatch } from '../src/rehearse/process-watch.ts';

let venue: RunningExchange;
let links: ChaosLinks;
let faults: VenueFaults;
let members: ProcessWatch;
let child: ChildProcess;

beforeEach(async () => {
  venue = await startExchange({ market: { kind: 'generator', symbols: ['BTCUSDT'] } });
  links = await openLinks(venue.url);
  faults = new VenueFaults(venue.controlUrl);
  members = new ProcessWatch();
  child = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(child, 'spawn');
  hear(`STARTING   process ${child.pid}`, 'RUNNING');
  return async () => {
    child.kill('SIGKILL');
    await links.close();
    await venue.stop();
  };
});

const hear = (...states: readonly string[]): void => {
  for (const state of states) members.hear(`  execution-manager  ${state}\n`);
};
const ping = async (): Promise<number> => (await fetch(`${links.venue.url}/fapi/v1/ping`)).status;

/** Runs the steps; `meanwhile` runs beside them. */
async function run(plan: readonly ChaosStep[], meanwhile: () => Promise<unknown> = async () => {}) {
  const course = new ChaosCourse({ venue: faults, links, fleet: { members, hasEnded: false } }, () => false);
  await Promise.all([course.run(plan, 0), meanwhile()]);
  return course;
}

const UNAVAILABLE: ChaosStep = {
  ...{ kind: 'FAULT', what: '503', atMs: 0, forMs: 1_000 },
  faults: [{ fault: 'status', status: 503, path: '/fapi/v1/ping' }],
};

test('a fault of the venue that strikes a request is met, one that strikes nothing is not', async () => {
  const struck = await run([UNAVAILABLE], () => eventually('a refusal', async () => (await ping()) === 503));
  expect(struck.done).toMatchObject([{ what: '503', isMet: true }]);
  expect(await ping()).toBe(200);
  expect((await run([UNAVAILABLE])).done).toMatchObject([{ isMet: false }]);
});

test('two faults at once end one by one, and one that happens once happens once', async () => {
  const once503 = { fault: 'status', status: 503, path: '/fapi/v1/ping', times: 1 } as const;
  const first = await faults.begin([once503]);
  expect(await ping()).toBe(503);
  const second = await faults.begin([{ fault: 'slow', ms: 1, path: '/fapi/v1/ping' }]);
  expect(await ping()).toBe(200);
  expect(await faults.end(first)).toBe(1);
  expect(await ping()).toBe(200);
  expect(await faults.end(second)).toBe(2);
  expect(venue.faults()).toEqual([]);
});

test('a link that breaks is met if something passes', async () => {
  const cut: ChaosStep = {
    ...{ kind: 'LINK', what: 'REST is refused', link: 'REST', fault: { kind: 'CLOSED' } },
    ...{ atMs: 0, forMs: 500, isSilent: true },
  };
  const { done } = await run([cut], () => ping().catch(() => undefined));
  expect(done).toMatchObject([{ isMet: true, isSilent: true }]);
  expect((await run([{ ...cut, link: 'streams' }])).done).toMatchObject([{ isMet: false }]);
  expect(await ping()).toBe(200);
});

test('a second fault of a link does not end the first', async () => {
  const cut: ChaosStep = { kind: 'LINK', what: 'cut', link: 'REST', fault: { kind: 'CUT' }, atMs: 0, forMs: 0 };
  const { done } = await run([{ ...cut, what: 'closed', fault: { kind: 'CLOSED' }, forMs: 500 }, cut], async () => {
    await expect(ping()).rejects.toThrow('fetch failed');
  });
  expect(done.map(({ what, isMet }) => [what, isMet]).toSorted()).toEqual([
    ['closed', true],
    ['cut', false],
  ]);
});

test('a kill is a silence until the next process runs', async () => {
  const kill: ChaosStep = { kind: 'KILL', what: 'kill -9', member: 'execution-manager', atMs: 0, forMs: 0 };
  const { done, silences } = await run([kill], async () => {
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
    hear('CRASHED', 'STARTING   process 1', 'RUNNING');
  });
  expect(done).toMatchObject([{ what: 'kill -9', isMet: true }]);
  expect(silences).toHaveLength(1);
});

describe('momentCame', () => {
  const event = (role: string, more: object) => ({
    ...{ seq: 6, ts: 6, kind: 'ORDER' as const, execution: 'TRADE' },
    order: { client_order_id: `he-${'a'.repeat(24)}-${role}1-a` },
    ...more,
  });
  const comes = async (moment: 'ENTRY' | 'EXIT', news: object): Promise<boolean> => {
    let looks = 0;
    const ledger = async (after?: number) => (after === 5 ? [news] : []) as never;
    return momentCame({ lastSeq: async () => 5, ledger }, moment, () => {
      looks += 1;
      return looks > 2;
    });
  };
  const fill = { trade_id: '1', quantity: '1' };

  test('is the fill of an entry, or a new exit', async () => {
    expect(await comes('ENTRY', event('e', { fill }))).toBe(true);
    expect(await comes('ENTRY', event('e', { execution: 'NEW' }))).toBe(false);
    expect(await comes('ENTRY', event('x', { fill }))).toBe(false);
    expect(await comes('EXIT', event('x', { execution: 'NEW' }))).toBe(true);
    expect(await comes('EXIT', event('s', { execution: 'NEW' }))).toBe(false);
  });
});

test('the time in which this process cannot run is measured, and does not count in a limit', async () => {
  const load = new MachineLoad(() => [process.pid]);
  try {
    await new Promise((resolve) => setTimeout(resolve, 150));
    const untilMs = performance.now() + 400;
    while (performance.now() < untilMs) Math.sqrt(untilMs);
    await eventually('a wait', () => load.waits.length > 0);
    const [wait] = load.waits;
    expect((wait?.toTs ?? 0) - (wait?.fromTs ?? 0)).toBeGreaterThan(200);
    expect(load.summary.maxMs).toBeGreaterThan(200);
  } finally {
    load.stop();
  }
  const before = performance.now();
  expect(
    await load.until(
      async () => false,
      300,
      () => false,
    ),
  ).toBe(false);
  expect(performance.now() - before).toBeLessThan(2_000);
});
