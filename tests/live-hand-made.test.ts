import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Channels, Lists, Streams } from '@helios/shared/contracts/catalog.ts';
import { aMode, defaultSettings } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { expect, test } from 'vitest';
import { decisionLogger } from '../services/decision-logger/src/service.ts';
import { riskManager } from '../services/risk-manager/src/service.ts';
import { signalEngine } from '../services/signal-engine/src/service.ts';

const mode = aMode({ mode: 'live', network: 'testnet', run: 'live:testnet:0123456789' });

test('in live a signal published by hand is denied EXTERNAL_SIGNAL, and the denial is on record', async () => {
  const fake = createFakeRedis();
  const folder = mkdtempSync(join(tmpdir(), 'helios-by-hand-'));
  const settings = defaultSettings({ system: { data_dir: folder, log_dir: join(folder, 'logs') } });
  const clock = createFakeClock(Date.now());
  const services = [
    await startOnFakeBus(decisionLogger, { fake, mode, settings, clock }),
    await startOnFakeBus(riskManager, { fake, mode, settings, clock }),
    await startOnFakeBus(signalEngine, { fake, mode, settings, clock }),
  ];
  try {
    expect(services.map(({ status }) => status)).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
    const page = fake.bus('dashboard-api');
    const byHand = { symbol: 'BTCUSDT', direction: 'LONG', entry_price: 100 } as const;
    await fake.bus('decision-logger').write((batch) => batch.publish(Channels.tradingSignals, byHand));
    const answer = await eventually('the denial', async () => (await page.getLatest(Streams.executions, 1))[0]);
    expect(answer).toMatchObject({ answer: 'DENIED', denial: { code: 'EXTERNAL_SIGNAL' }, run: mode.run });
    expect(fake.stream(Streams.orderIntents.name).messages).toEqual([]);
    const recorded = await eventually('the decision', async () => (await page.getList(Lists.decisionLogs, 1))[0]);
    expect(recorded).toMatchObject({ symbol: 'BTCUSDT', outcome: 'DENIED' });
  } finally {
    for (const service of services) await service.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
