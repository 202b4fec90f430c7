import { audit, type Violation } from '@helios/exchange-simulator/audit/auditor.ts';
import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import { type RunningExchange, startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { Streams } from '@helios/shared/contracts/catalog.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { IMBALANCE_ALONE_ENVIRONMENT } from '@helios/shared/testing/imbalance-alone.ts';
import { onTestFinished } from 'vitest';
import { TestFleet } from '../harness/fleet.ts';

/** Made up, in the venue's format: Helios would treat a shorter or simpler text as a placeholder. */
export const LIVE_KEY = { apiKey: 'q7Wd2ZkR9fLx4TbN'.repeat(4), apiSecret: 'u3Hs8YvJ6mCp1GzA'.repeat(4) };
const BACK_MS = 60_000;

/** Settings under which the strategy enters and leaves every few seconds. */
export const BUSY_LIVE = {
  ...IMBALANCE_ALONE_ENVIRONMENT,
  SIGNALS_NOBI_THRESHOLD: '0.05',
  SIGNALS_MIN_BOOK_HISTORY_SEC: '2',
  SIGNALS_CONFIRMATION_COUNT: '1',
  SIGNALS_COOLDOWN_SEC: '3',
  SIGNALS_VOLUME_GATE: 'false',
  SIGNALS_VWAP_GATE: 'false',
  SIGNALS_EDGE_GATE: 'off',
  SIGNALS_REFUSAL_LOG_INTERVAL_SEC: '1',
  TREND_ENABLED: 'false',
  REGIME_ENABLED: 'false',
  RISK_MAX_HOLD_SEC: '8',
  PROTECTIONS_COOLDOWN_SEC: '0',
  PROTECTIONS_STOP_GUARD_COUNT: '0',
  PROTECTIONS_LOW_PROFIT_COUNT: '0',
} as const;

/** One account as `/control/accounts` shows it: the venue's truth. */
export interface TrueAccount {
  readonly wallet: string;
  readonly positions: readonly { readonly symbol: string; readonly quantity: string }[];
  readonly open_orders: readonly Readonly<Record<string, unknown>>[];
  readonly open_algo_orders: readonly Readonly<Record<string, unknown>>[];
}

export interface LiveFleet {
  readonly fleet: TestFleet;
  readonly venue: RunningExchange;
  /** Starts the fleet, or starts it again on the same data. */
  launch(env?: Readonly<Record<string, string>>): void;
  account(): Promise<TrueAccount>;
  ledger(): Promise<readonly LedgerEvent[]>;
  /** Checks both ledgers, the venue's and ours, once everything is flat. */
  audit(): Promise<readonly Violation[]>;
  /** Presses a button of the page; resolves to status and body of the answer. */
  press(action: 'start' | 'stop' | 'flatten'): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Presses Start as soon as it is not refused. */
  pressStart(): Promise<void>;
  get(path: string): Promise<Readonly<Record<string, unknown>>>;
}

interface LiveOptions {
  readonly symbols?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A local exchange on the generator and a live fleet that trades there; both end with the test. */
export async function openLiveFleet({ symbols = ['BTCUSDT'], env = {} }: LiveOptions = {}): Promise<LiveFleet> {
  const venue = await startExchange({ market: { kind: 'generator', symbols }, key: LIVE_KEY, past: 'made-up' });
  onTestFinished(() => venue.stop());
  const fleet = await TestFleet.prepare();
  onTestFinished(() => fleet.remove());
  const site = `http://127.0.0.1:${fleet.dashboardPort}`;
  const control = async (path: string): Promise<{ accounts: TrueAccount[]; entries: LedgerEvent[] }> =>
    JSON.parse(await (await fetch(venue.controlUrl + path)).text());

  async function press(action: string) {
    const answer = await fetch(`${site}/api/control`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ action }),
    });
    return { status: answer.status, body: await answer.json() };
  }

  const walletBefore = (await control('/control/accounts')).accounts[0]?.wallet ?? '0';
  const live: LiveFleet = {
    fleet,
    venue,
    launch(more = {}) {
      fleet.launch({
        env: {
          BINANCE_REST_URL: venue.url,
          BINANCE_STREAM_URL: venue.streamUrl,
          BINANCE_API_KEY: LIVE_KEY.apiKey,
          BINANCE_API_SECRET: LIVE_KEY.apiSecret,
          TRADING_SYMBOLS: symbols.join(','),
          DASHBOARD_LOGIN: 'false',
          ...env,
          ...more,
        },
      });
    },
    async account() {
      const [account] = (await control('/control/accounts')).accounts;
      if (account === undefined) throw new Error('the venue has no account');
      return account;
    },
    ledger: async () => (await control('/control/ledger')).entries,
    async audit() {
      const bus = await fleet.connect('decision-logger');
      const risk = await fleet.connect('risk-manager');
      try {
        const [executions, trades, signals, ledger, { wallet }] = await Promise.all([
          bus.getLatest(Streams.executions, 10_000),
          bus.getLatest(Streams.trades, 10_000),
          risk.getLatest(Streams.signals, 10_000),
          live.ledger(),
          live.account(),
        ]);
        const wallets = { before: walletBefore, after: wallet };
        return audit({ ledger, executions, trades, signals: signals.map(({ signal_id }) => signal_id), wallets });
      } finally {
        await bus.close();
        await risk.close();
      }
    },
    press,
    async pressStart() {
      await eventually(
        'the page answers',
        async () => (await fetch(`${site}/healthz`).catch(() => undefined))?.ok,
        BACK_MS,
      );
      let last: unknown;
      const isStarted = async () => {
        const { status, body } = await press('start');
        last = body;
        return status === 200;
      };
      await eventually('Start is not refused', isStarted, BACK_MS).catch((error: unknown) => {
        throw new Error(`${String(error)}: ${JSON.stringify(last)}`);
      });
    },
    get: async (path) => JSON.parse(await (await fetch(site + path)).text()),
  };
  return live;
}
