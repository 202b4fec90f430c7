import { Channels, Records } from '@helios/shared/contracts/catalog.ts';
import { aMode } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { expect, test } from 'vitest';
import { decisionLogger } from '../services/decision-logger/src/service.ts';
import { executionManager } from '../services/execution-manager/src/service.ts';
import { riskManager } from '../services/risk-manager/src/service.ts';
import { signalEngine } from '../services/signal-engine/src/service.ts';

const mode = aMode({ mode: 'live', network: 'testnet', run: 'live:testnet:0123456789' });

test('in live the services that would act on a signal stand by, and a signal published by hand has no effect', async () => {
  const fake = createFakeRedis();
  const services = [
    await startOnFakeBus(decisionLogger, { fake, mode }),
    await startOnFakeBus(riskManager, { fake, mode }),
    await startOnFakeBus(executionManager, { fake, mode }),
    await startOnFakeBus(signalEngine, { fake, mode }),
  ];
  try {
    expect(services.map(({ status }) => status)).toEqual(['STANDBY', 'STANDBY', 'STANDBY', 'RUNNING']);
    const page = fake.bus('dashboard-api');
    for (const service of ['decision-logger', 'risk-manager', 'execution-manager'] as const)
      expect(await page.getRecord(Records.heartbeat, { service })).toMatchObject({ status: 'STANDBY' });
    const heard: unknown[] = [];
    await page.subscribe(Channels.tradingSignals, (signal) => void heard.push(signal));
    const byHand = { symbol: 'BTCUSDT', direction: 'LONG', entry_price: 100 } as const;
    await fake.bus('decision-logger').write((batch) => batch.publish(Channels.tradingSignals, byHand));
    await fake.settle();
    expect(heard).toHaveLength(1);
    for (const stream of ['signals', 'refusals', 'trades'])
      expect([stream, fake.stream(stream).messages]).toEqual([stream, []]);
    expect(fake.hashes.has('open_positions')).toBe(false);
  } finally {
    for (const service of services) await service.stop();
  }
});
