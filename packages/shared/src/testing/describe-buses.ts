import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import type { ProcessName } from '../domain/fleet.ts';
import type { ManagedBus } from '../runtime/managed-bus.ts';
import { connectBus } from '../runtime/redis-bus.ts';
import { createFakeRedis } from './fake-bus.ts';
import { silentLog } from './silent-log.ts';
import { startTestRedis, type TestRedis } from './test-redis.ts';

/** A Redis for these tests, real or fake. */
export interface BusHarness {
  bus<P extends ProcessName>(process: P, onFault?: (error: unknown) => void): Promise<ManagedBus<P>>;
  /** Publishes a text, like a PUBLISH by hand. */
  publishRaw(channel: string, text: string): Promise<unknown>;
  /** Appends a message, like an XADD by hand: with this field `message`, or with another field if it is undefined. */
  appendRaw(stream: string, message: string | undefined): Promise<unknown>;
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
}

function fakeBusHarness(): BusHarness {
  const fake = createFakeRedis();
  return {
    bus: async (process, onFault) => fake.bus(process, onFault ? { onFault } : {}),
    publishRaw: async (channel, text) => fake.publish(channel, text),
    appendRaw: async (stream, message) => fake.append(stream, message, 1_000),
    goDown: async () => fake.goDown(),
    comeBack: async () => fake.comeBack(),
  };
}

async function realBusHarness(server: TestRedis): Promise<BusHarness> {
  await server.call('FLUSHALL');
  return {
    bus: (process, onFault) =>
      connectBus(process, {
        host: server.host,
        port: server.port,
        db: 0,
        log: silentLog,
        ...(onFault ? { onFault } : {}),
      }),
    publishRaw: (channel, text) => server.call('PUBLISH', channel, text),
    appendRaw: (stream, message) =>
      message === undefined
        ? server.call('XADD', stream, '*', 'other', 'x')
        : server.call('XADD', stream, '*', 'message', message),
    goDown: () => server.kill(),
    comeBack: () => server.restart(),
  };
}

/** Harness of a contract test; each test gets a fresh one. */
export interface Contract {
  readonly harness: BusHarness;
  /** A bus of this Redis, closed after the test. */
  bus<P extends ProcessName>(process: P, onFault?: (error: unknown) => void): Promise<ManagedBus<P>>;
}

/** Runs the same tests against the fake and against a real Redis, so that both behave alike. */
export function describeBuses(name: string, tests: (contract: Contract) => void): void {
  describe(`${name}, on the fake`, () => tests(contractOn(async () => fakeBusHarness())));
  describe(`${name}, on a real Redis`, () => {
    let server: TestRedis;
    beforeAll(async () => {
      server = await startTestRedis({ arguments: ['--appendfsync', 'always'] });
    });
    afterAll(() => server?.stop());
    tests(contractOn(() => realBusHarness(server)));
  });
}

function contractOn(open: () => Promise<BusHarness>): Contract {
  let harness: BusHarness | undefined;
  let buses: ManagedBus<ProcessName>[] = [];
  beforeEach(async () => {
    harness = await open();
  });
  afterEach(async () => {
    for (const opened of buses) await opened.close();
    buses = [];
  });
  function current(): BusHarness {
    if (!harness) throw new Error('the harness exists only within a test');
    return harness;
  }
  return {
    get harness() {
      return current();
    },
    async bus(process, onFault) {
      const opened = await current().bus(process, onFault);
      buses.push(opened as ManagedBus<ProcessName>);
      return opened;
    },
  };
}
