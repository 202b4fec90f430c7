import { binance, polling, recording, reddit } from './settings/market-access.ts';
import { alerts, azure, dashboard, research, system } from './settings/operation.ts';
import { protections, risk } from './settings/risk.ts';
import type { Setting, ValueOf } from './settings/setting.ts';
import { execution, fees, performance, simulation } from './settings/simulation.ts';
import { reasons, sentiment, signals, trading } from './settings/strategy.ts';
import { regime, trend } from './settings/trend-and-regime.ts';

/** Every setting by section and key. Parser, template, documentation and types all derive from it. */
export const SETTINGS = {
  binance,
  polling,
  recording,
  trading,
  signals,
  reasons,
  trend,
  regime,
  risk,
  protections,
  execution,
  simulation,
  fees,
  system,
  dashboard,
  reddit,
  sentiment,
  azure,
  alerts,
  performance,
  research,
} as const satisfies Record<string, Record<string, Setting>>;

export type SectionName = keyof typeof SETTINGS;

/** One line about each section, for the template and the documentation. */
export const SECTION_ABOUT: Readonly<Record<SectionName, string>> = {
  binance: 'Access to the venue.',
  polling: 'How public market data is polled.',
  recording: 'The recorder of market data.',
  trading: 'Watchlist, leverage and number of positions.',
  signals: 'Trigger, confirmation, and the gates without a section of their own.',
  reasons: 'Why to enter: causes with a horizon.',
  trend: 'The TREND gate: agreement of several timeframes.',
  regime: 'Market regime: how it is measured and what it changes.',
  risk: 'Stops, holding time, sizing and margin levels.',
  protections: 'Protections that pause entries after losses; 0 turns one off.',
  execution: 'Live orders.',
  simulation: 'Simulated trading.',
  fees: 'Cost of a fill.',
  system: 'Redis, logs and processes.',
  dashboard: 'Page and HTTP API.',
  reddit: 'Access to Reddit.',
  sentiment: 'Effect of sentiment on entries and stops.',
  azure: 'Azure Monitor.',
  alerts: 'Limits at which monitoring-agent raises an alert.',
  performance: 'Statistics.',
  research: 'Searches over several machines.',
};

type SectionValues<S extends SectionName> = {
  readonly [K in keyof (typeof SETTINGS)[S]]: (typeof SETTINGS)[S][K] extends Setting
    ? ValueOf<(typeof SETTINGS)[S][K]>
    : never;
};

/** All settings with their values. A function takes only the sections it reads: `Pick<Settings, 'fees'>`. */
export type Settings = { readonly [S in SectionName]: SectionValues<S> };

/** The settings that `core/strategy` reads. */
export type StrategyParams = Pick<
  Settings,
  'trading' | 'signals' | 'reasons' | 'trend' | 'regime' | 'risk' | 'simulation' | 'fees' | 'sentiment'
>;

/** Switches that only the environment or `.env` can set, so that no other file in the project turns them on unseen. */
export const SWITCHES = {
  ALLOW_PUBLIC_MODE: 'true: without credentials Helios may poll public market data and simulate trading.',
  ALLOW_SYNTHETIC: 'true: without credentials Helios may simulate trading on a generated or recorded market.',
  LIVE_TRADING_CONFIRM: 'mainnet: Helios may trade real money if the credentials are valid and testnet is off.',
} as const;
