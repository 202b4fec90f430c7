import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { serviceCommand } from '@helios/fleet/service-command.ts';
import { Channels, Maps, Rankings, Records } from '@helios/shared/contracts/catalog.ts';
import type { FleetMode, ServiceName } from '@helios/shared/domain/fleet.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { ManagedBus } from '@helios/shared/runtime/managed-bus.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { aMode } from '@helios/shared/testing/builders.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis } from '@helios/shared/testing/test-redis.ts';

const ROOT = join(import.meta.dirname, '..');
/** Reading the fees of fifty symbols takes two minutes of the venue's weight. */
const READY_MS = 240_000;
export const BENCH_KEY = { apiKey: 'q7Wd2ZkR9fLx4TbN'.repeat(4), apiSecret: 'u3Hs8YvJ6mCp1GzA'.repeat(4) };

/** A Redis with what live services need before they start, and buses to play the other services. */
export interface LiveServices {
  readonly port: number;
  readonly mode: FleetMode;
  readonly fleet: ManagedBus<'fleet'>;
  readonly engine: ManagedBus<'signal-engine'>;
  readonly risk: ManagedBus<'risk-manager'>;
  readonly execution: ManagedBus<'execution-manager'>;
  readonly ingestor: ManagedBus<'data-ingestor'>;
  readonly logger: ManagedBus<'decision-logger'>;
  readonly page: ManagedBus<'dashboard-api'>;
  /** Starts a service as the supervisor does. */
  spawn(service: ServiceName, env: Readonly<Record<string, string>>): ChildProcess;
  setState(state: 'ACTIVE' | 'REDUCING', flattening?: boolean): Promise<void>;
  /** Resolves once execution-manager can enter, and knows the terms of all symbols. */
  untilReady(): Promise<void>;
  close(): Promise<void>;
}

export async function openLiveServices(symbols: readonly string[], venueUrl: string): Promise<LiveServices> {
  const redis = await startTestRedis();
  const children: ChildProcess[] = [];
  const address = {
    host: '127.0.0.1',
    port: redis.port,
    db: 0,
    log: silentLog,
    onFault: (error: unknown) => console.error(error),
  };
  const mode = aMode({
    mode: 'live',
    network: 'testnet',
    venue: venueUrl,
    run: 'live:testnet:bench',
    session: 'bench',
    source: undefined,
  });
  const [fleet, engine, risk, execution, ingestor, logger, page] = await Promise.all([
    connectBus('fleet', address),
    connectBus('signal-engine', address),
    connectBus('risk-manager', address),
    connectBus('execution-manager', address),
    connectBus('data-ingestor', address),
    connectBus('decision-logger', address),
    connectBus('dashboard-api', address),
  ]);
  const instruments = await listed(venueUrl, symbols);
  await fleet.write((batch) => batch.setRecord(Records.fleetMode, mode));
  await ingestor.write((batch) => {
    batch.setRanking(Rankings.watchlist, Object.fromEntries(symbols.map((symbol) => [symbol, 1])));
    for (const instrument of instruments) batch.setField(Maps.instruments, instrument.symbol, instrument);
  });
  const projection = { run: mode.run, ledger: 'bench', signals: 0, trading: { kind: 'FIRST_START' } } as const;
  await logger.write((batch) => batch.setRecord(Records.ledgerProjection, projection));
  let changes = 0;
  return {
    ...{ port: redis.port, mode, fleet, engine, risk, execution, ingestor, logger, page },
    spawn(service, env) {
      const { command, args } = serviceCommand(ROOT, service);
      const child = spawn(command, args, {
        env: {
          ...process.env,
          // This folder has no settings of the operator.
          HELIOS_SETTINGS_DIR: import.meta.dirname,
          ...{ REDIS_HOST: '127.0.0.1', REDIS_PORT: String(redis.port), REDIS_PASSWORD: '', HELIOS_SESSION: 'bench' },
          ...{ BINANCE_API_KEY: BENCH_KEY.apiKey, BINANCE_API_SECRET: BENCH_KEY.apiSecret, BINANCE_REST_URL: venueUrl },
          ...env,
        },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      children.push(child);
      return child;
    },
    async setState(state, flattening = false) {
      changes += 1;
      const changed_ts = Date.now() + changes;
      const full = { state, reason: 'bench', changed_ts, run: mode.run, flattening, applied_commands: [] };
      await engine.write((batch) => {
        batch.setRecord(Records.fleetState, full);
        batch.publish(Channels.fleetStateChanges, full);
      });
    },
    async untilReady() {
      for (const deadline = Date.now() + READY_MS; ; await pause(200)) {
        const status = await page.getRecord(Records.liveStatus);
        const terms = await logger.getMap(Maps.symbolTerms);
        if (status?.can_enter === true && Object.keys(terms).length >= symbols.length) return;
        if (Date.now() > deadline) throw new Error(`execution-manager cannot enter: ${JSON.stringify(status)}`);
      }
    },
    async close() {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all([fleet, engine, risk, execution, ingestor, logger, page].map((bus) => bus.close()));
      await redis.stop();
    },
  };
}

interface ListedSymbol {
  readonly symbol: string;
  readonly filters: readonly { readonly tickSize?: string; readonly stepSize?: string; readonly notional?: string }[];
}

/** Steps and limits as the venue lists them. */
async function listed(venueUrl: string, symbols: readonly string[]): Promise<Instrument[]> {
  const info = (await (await fetch(`${venueUrl}/fapi/v1/exchangeInfo`)).json()) as { symbols: ListedSymbol[] };
  return info.symbols
    .filter(({ symbol }) => symbols.includes(symbol))
    .map(({ symbol, filters }) => {
      const of = (name: 'tickSize' | 'stepSize' | 'notional') => filters.flatMap((one) => one[name] ?? [])[0] ?? '1';
      return { symbol, tick_size: of('tickSize'), step_size: of('stepSize'), min_notional: of('notional') };
    });
}
