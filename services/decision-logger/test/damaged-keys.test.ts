import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis } from '@helios/shared/testing/test-redis.ts';
import { expect, onTestFinished, test } from 'vitest';
import { Instruments } from '../src/instruments.ts';
import { openLedger } from '../src/ledger/open-ledger.ts';
import { TradingStateKeeper } from '../src/trading-state-keeper.ts';

const BTC = { symbol: 'BTCUSDT', tick_size: '0.1', step_size: '0.001', min_notional: '100' };

async function connected() {
  const server = await startTestRedis();
  onTestFinished(() => server.stop());
  const log = createRecordingLog();
  const place = { host: server.host, port: server.port, db: 0, log };
  const bus = await connectBus('decision-logger', place);
  const ingestor = await connectBus('data-ingestor', place);
  onTestFinished(() => Promise.all([bus.close(), ingestor.close()]).then(() => {}));
  return { server, log, bus, ingestor };
}

test('overwritten instruments stop no recording, and are used again once they are rewritten', async () => {
  const { server, log, bus, ingestor } = await connected();
  const known: string[] = [];
  const isKnown = (symbol: string) => known.includes(symbol);
  const onInstrument = ({ symbol }: { symbol: string }) => void known.push(symbol);
  let now = 0;
  const instruments = new Instruments({ bus, isKnown, onInstrument, nowMs: () => now });
  await server.call('SET', Maps.instruments.name, 'typed by hand');
  await instruments.need('BTCUSDT');
  expect(log.lines.map(({ level, fields }) => [level, fields['key']])).toEqual([['warn', Maps.instruments.name]]);
  await ingestor.write((batch) => batch.setField(Maps.instruments, 'BTCUSDT', BTC));
  // Redis is not read again for each entry: recording must not depend on it.
  now = 29_999;
  await instruments.need('BTCUSDT');
  expect(known).toEqual([]);
  now = 30_000;
  await instruments.need('BTCUSDT');
  expect(known).toEqual(['BTCUSDT']);
});

test('an overwritten trading state stops no recording either', async () => {
  const { server, log, bus } = await connected();
  const folder = mkdtempSync(join(tmpdir(), 'helios-damaged-'));
  const ledger = openLedger(join(folder, 'a.sqlite'), 'synthetic:seed:1');
  onTestFinished(() => {
    ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const keeper = new TradingStateKeeper({ bus, ledger, run: 'synthetic:seed:1', log, show: () => {} });
  await server.call('SET', Records.fleetState.name, 'typed by hand');
  await keeper.check();
  expect(ledger.tradingState()).toEqual({ kind: 'FIRST_START' });
  expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
});
