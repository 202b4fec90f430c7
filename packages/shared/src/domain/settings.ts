import {
  alerts,
  azure,
  binance,
  dashboard,
  execution,
  fees,
  performance,
  polling,
  reddit,
  sentiment,
  simulation,
  system,
} from './settings/operation.ts';
import { protections, risk } from './settings/risk.ts';
import type { Setting, ValueOf } from './settings/setting.ts';
import { regime, signals, trading, trend } from './settings/strategy.ts';

/** Every setting of the fleet by section and key: parser, template, documentation and types come from here. */
export const SETTINGS = {
  binance,
  polling,
  trading,
  signals,
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
} as const satisfies Record<string, Record<string, Setting>>;

export type SectionName = keyof typeof SETTINGS;

/** What each section is about, for the template and the documentation. */
export const SECTION_ABOUT: Readonly<Record<SectionName, string>> = {
  binance: 'Access to the venue.',
  polling: 'How public market data is polled.',
  trading: 'What is traded and with how much.',
  signals: 'From order book to trigger, and the gates that have no section of their own.',
  trend: 'Agreement of several timeframes.',
  regime: 'Market regime, how much of it is needed, and what it changes.',
  risk: 'Stops, holding time, sizing and margin levels.',
  protections: 'What stops entries for a while after losses; 0 turns a protection off.',
  execution: 'Live orders.',
  simulation: 'Simulated trading, where trading is off.',
  fees: 'What a fill costs.',
  system: 'Redis, logs and processes.',
  dashboard: 'Page and HTTP API.',
  reddit: 'Access to Reddit.',
  sentiment: 'What sentiment may do.',
  azure: 'Azure Monitor.',
  alerts: 'When monitoring-agent raises an alert.',
  performance: 'Statistics.',
};

type SectionValues<S extends SectionName> = {
  readonly [K in keyof (typeof SETTINGS)[S]]: (typeof SETTINGS)[S][K] extends Setting
    ? ValueOf<(typeof SETTINGS)[S][K]>
    : never;
};

/** All settings with their values. A function takes only the sections it reads: `Pick<Settings, 'fees'>`. */
export type Settings = { readonly [S in SectionName]: SectionValues<S> };

/** What `core/strategy` needs to know. */
export type StrategyParams = Pick<
  Settings,
  'trading' | 'signals' | 'trend' | 'regime' | 'risk' | 'simulation' | 'fees' | 'sentiment'
>;

/** Switches that are environment or `.env` only, so that no file in the project can turn them on unseen. */
export const SWITCHES = {
  ALLOW_PUBLIC_MODE: 'true: public market data may be polled and trading simulated when there are no credentials.',
  ALLOW_SYNTHETIC: 'true: a made-up or recorded market may be simulated when there are no credentials.',
  LIVE_TRADING_CONFIRM: 'mainnet: real money may be traded when credentials are valid and testnet is off.',
} as const;
