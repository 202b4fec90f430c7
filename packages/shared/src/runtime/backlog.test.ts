import { expect, test } from 'vitest';
import { aMode, aSignal } from '../testing/builders.ts';
import { eventually } from '../testing/eventually.ts';
import { heartbeat, redis, run, says, setMode, useServiceProcesses } from '../testing/service-process.ts';

useServiceProcesses();

const WAITING = 50;

test('the heartbeat of a late service has its delay and backlog until it has caught up', async () => {
  await setMode(aMode());
  const catalog = JSON.stringify(new URL('../contracts/catalog.ts', import.meta.url).href);
  const child = run(
    `const { Streams } = await import(${catalog});
     let release;
     const held = new Promise((resolve) => { release = resolve; });
     process.on('SIGUSR2', () => release());
     await bus.consume(Streams.signals, async () => { log.debug({}, 'held'); await held; });`,
    {},
    "name: 'risk-manager', settings: ['signals'], modes: ['synthetic']",
  );
  await says(child, 'service started');
  const message = JSON.stringify(aSignal());
  const firstMs = Date.now() - 7_000;
  for (let i = 0; i < WAITING; i += 1) await redis().call('XADD', 'signals', `${firstMs}-${i + 1}`, 'message', message);

  const late = await eventually('it says that it is behind', async () => {
    const beat = await heartbeat('risk-manager');
    return beat?.waiting === WAITING ? beat : undefined;
  });
  expect(late.status).toBe('RUNNING');
  expect(late.behind_ms).toBeGreaterThanOrEqual(7_000);
  expect(late.behind_ms).toBeLessThan(60_000);

  child.process.kill('SIGUSR2');
  const caughtUp = await eventually(
    'it has caught up',
    async () => {
      const beat = await heartbeat('risk-manager');
      return (beat?.messages ?? 0) >= WAITING && beat?.behind_ms === undefined ? beat : undefined;
    },
    30_000,
  );
  expect(caughtUp.waiting).toBeUndefined();
});
