import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LIVELY_SETTINGS } from '@helios/shared/runtime/config/lively-settings.ts';

/** Made up, in the venue's format: a shorter or simpler text would count as a placeholder. */
export const REHEARSAL_KEY = { apiKey: 'q7Wd2ZkR9fLx4TbN'.repeat(4), apiSecret: 'u3Hs8YvJ6mCp1GzA'.repeat(4) } as const;

/** Settings under which the strategy enters and leaves every few seconds: minutes must show what days would. */
const LIVELY = {
  ...LIVELY_SETTINGS,
  SIGNALS_NOBI_THRESHOLD: '0.05',
  SIGNALS_MIN_BOOK_HISTORY_SEC: '2',
  RISK_MAX_HOLD_SEC: '12',
} as const;

/** Environment variables that the rehearsal's fleet inherits: no key, no address, no switch. */
const KEPT = /^(PATH|HOME|TMPDIR|LANG|TZ|LD_LIBRARY_PATH|NODE_COMPILE_CACHE|XDG_CACHE_HOME|HELIOS_REDIS_(SERVER|CLI))$/;

export interface RehearsalPlace {
  /** Folder of settings, data and logs. */
  readonly folder: string;
  readonly venue: { readonly url: string; readonly streamUrl: string };
  readonly redisPort: number;
  readonly dashboardPort: number;
  readonly symbols: readonly string[];
  /** The operator's config.ini; undefined: lively settings. */
  readonly configFile: string | undefined;
}

/** Empties the rehearsal's folder and returns the environment of its fleet, which knows nothing of the real account. */
export function rehearsalEnvironment(place: RehearsalPlace, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { folder, venue, redisPort, dashboardPort, symbols, configFile } = place;
  const settings = join(folder, 'settings');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(settings, 'config'), { recursive: true });
  if (configFile !== undefined && existsSync(configFile)) copyFileSync(configFile, join(settings, 'config/config.ini'));
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => KEPT.test(name))),
    ...(configFile === undefined ? LIVELY : {}),
    HELIOS_SETTINGS_DIR: settings,
    SYSTEM_DATA_DIR: join(folder, 'data'),
    SYSTEM_LOG_DIR: join(folder, 'logs'),
    BINANCE_TESTNET: 'true',
    BINANCE_REST_URL: venue.url,
    BINANCE_STREAM_URL: venue.streamUrl,
    BINANCE_API_KEY: REHEARSAL_KEY.apiKey,
    BINANCE_API_SECRET: REHEARSAL_KEY.apiSecret,
    TRADING_SYMBOLS: symbols.join(','),
    REDDIT_ENABLED: 'false',
    DASHBOARD_LOGIN: 'false',
    DASHBOARD_HOST: '127.0.0.1',
    DASHBOARD_PORT: String(dashboardPort),
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: String(redisPort),
  };
}
