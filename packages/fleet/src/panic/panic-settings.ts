import { resolve } from 'node:path';
import { restUrlOf } from '@helios/binance/rest/venue-hosts.ts';
import { credentialQuality, QUALITY_WORDS } from '@helios/shared/runtime/config/credentials.mjs';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import type { LoadedSettings } from '@helios/shared/runtime/config/loaded-settings.ts';
import { SettingsError } from '@helios/shared/runtime/config/settings-error.ts';
import { StartRefused } from '../start-refused.ts';

/** The few settings that the panic command needs. */
export interface PanicSettings {
  readonly network: 'mainnet' | 'testnet';
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly dataDir: string;
  readonly logDir: string;
}

/**
 * Reads them. Faults in other settings do not matter here.
 * @throws StartRefused without a usable key and secret, or if a fault leaves open which account is meant
 */
export function panicSettings(root: string, env: NodeJS.ProcessEnv): PanicSettings {
  const { binance, system } = settingsForPanic(root, env).settings;
  for (const [name, text] of [
    ['BINANCE_API_KEY', binance.api_key],
    ['BINANCE_API_SECRET', binance.api_secret],
  ] as const) {
    const quality = credentialQuality(text);
    if (quality === 'USABLE') continue;
    throw new StartRefused([
      `Nothing was closed: ${name} ${QUALITY_WORDS[quality]}.`,
      '  • Set it in the environment or in .env, or close the positions on the venue’s own page.',
    ]);
  }
  const network = binance.testnet ? 'testnet' : 'mainnet';
  return {
    network,
    url: restUrlOf(network, binance.rest_url),
    apiKey: binance.api_key.trim(),
    apiSecret: binance.api_secret,
    dataDir: resolve(root, system.data_dir),
    logDir: resolve(root, system.log_dir),
  };
}

function settingsForPanic(root: string, env: NodeJS.ProcessEnv): LoadedSettings {
  try {
    return loadSettings({ env, root });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const faults = error.faults.filter(({ what }) => what.startsWith('binance.'));
    if (faults.length > 0)
      throw new StartRefused([
        'Nothing was closed: the settings do not say clearly which account is meant.',
        ...faults.map(({ where, what, fix }) => `  • ${where}: ${what}. ${fix}.`),
      ]);
    return error.loaded;
  }
}
