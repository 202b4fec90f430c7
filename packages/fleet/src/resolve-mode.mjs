import { credentialQuality, QUALITY_WORDS } from '../../shared/src/runtime/config/credentials.mjs';

/**
 * Plain JavaScript: the launcher resolves the mode on Node 18 before anything is fetched.
 *
 * Everything that determines the mode. `seed` is the generator's; `replay` comes from `--replay`.
 * @typedef {object} ModeInput
 * @property {Pick<import('@helios/shared/domain/settings.ts').Settings['binance'], 'api_key' | 'api_secret' | 'testnet'>} binance
 * @property {import('@helios/shared/runtime/config/loaded-settings.ts').Switches} switches
 * @property {number} seed
 * @property {Extract<SyntheticSource, { kind: 'replay' }> | undefined} replay
 *
 * A mode without the facts of one start: run, session, time.
 * @typedef {Pick<import('@helios/shared/domain/fleet.ts').FleetMode, 'mode' | 'network' | 'venue' | 'reason' | 'source'>} ModeChoice
 *
 * On ABORT nothing may start: `lines` give the reason and each way out; the exit code is 1.
 * @typedef {{ readonly kind: 'RESOLVED', readonly mode: ModeChoice } | { readonly kind: 'ABORT', readonly lines: readonly string[] }} ModeResolution
 *
 * @typedef {import('@helios/shared/domain/fleet.ts').SyntheticSource} SyntheticSource
 */

/**
 * @param {...string} lines
 * @returns {ModeResolution}
 */
const abort = (...lines) => ({ kind: 'ABORT', lines });

/**
 * Live with valid credentials, else public if allowed, else synthetic if allowed, else ABORT. There is no implicit demo
 * mode, and unusable credentials never lead to another mode.
 * @param {ModeInput} input
 * @returns {ModeResolution}
 */
export function resolveMode(input) {
  const key = credentialQuality(input.binance.api_key);
  const secret = credentialQuality(input.binance.api_secret);
  if (key === 'USABLE' && secret === 'USABLE') return resolveLive(input);
  if (key === 'USABLE' || secret === 'USABLE') {
    const [there, missing] = key === 'USABLE' ? ['key', 'secret'] : ['secret', 'key'];
    return abort(
      `The credentials are incomplete: the API ${there} is set, but the API ${missing} ${QUALITY_WORDS[key === 'USABLE' ? secret : key]}.`,
      'Trading needs both. Helios does not simulate while one of them is set.',
      `  • To trade: set BINANCE_API_${missing.toUpperCase()} as well.`,
      `  • To simulate: remove BINANCE_API_${there.toUpperCase()} from the environment, .env and config/config.ini.`,
    );
  }
  const { allowPublicMode, allowSynthetic } = input.switches;
  if (input.replay !== undefined) return resolveReplay(input, input.replay);
  if (allowPublicMode) {
    return {
      kind: 'RESOLVED',
      mode: { mode: 'public', network: 'mainnet', reason: 'no credentials; ALLOW_PUBLIC_MODE=true' },
    };
  }
  if (allowSynthetic) {
    return {
      kind: 'RESOLVED',
      mode: {
        mode: 'synthetic',
        network: 'none',
        reason: 'no credentials; ALLOW_SYNTHETIC=true',
        source: { kind: 'generator', seed: input.seed },
      },
    };
  }
  return abort(
    'The settings allow no mode, so nothing was started.',
    `The API key ${QUALITY_WORDS[key]}, the API secret ${QUALITY_WORDS[secret]}. Neither switch for simulated trading is on.`,
    'Ways out (in the environment or in .env):',
    '  • ALLOW_SYNTHETIC=true: a made-up market (or a recording with --replay FILE…), simulated trading.',
    '  • ALLOW_PUBLIC_MODE=true: public market data, simulated trading.',
    '  • BINANCE_API_KEY and BINANCE_API_SECRET: live trading, on the test venue unless BINANCE_TESTNET=false.',
  );
}

/**
 * @param {ModeInput} input
 * @returns {ModeResolution}
 */
function resolveLive(input) {
  if (input.replay !== undefined) {
    return abort(
      '--replay plays a recording with simulated trading, but credentials are set, which means live trading.',
      '  • To replay: remove BINANCE_API_KEY and BINANCE_API_SECRET, or hide them for this start:',
      '      BINANCE_API_KEY=none BINANCE_API_SECRET=none ALLOW_SYNTHETIC=true npm start -- --replay FILE…',
      '  • To trade: leave out --replay.',
    );
  }
  const { testnet } = input.binance;
  const confirm = input.switches.liveTradingConfirm;
  if (!testnet && confirm !== 'mainnet') {
    return abort(
      'Credentials are set and BINANCE_TESTNET=false: this trades real money, and you have not confirmed it.',
      confirm === undefined
        ? 'LIVE_TRADING_CONFIRM is not set.'
        : `LIVE_TRADING_CONFIRM is “${confirm}”; only “mainnet” confirms.`,
      '  • To trade real money: LIVE_TRADING_CONFIRM=mainnet (in the environment or in .env).',
      '  • To trade on the test venue: BINANCE_TESTNET=true, with that venue’s own key and secret.',
      '  • To simulate: remove the credentials and set ALLOW_SYNTHETIC=true or ALLOW_PUBLIC_MODE=true.',
    );
  }
  const network = testnet ? 'testnet' : 'mainnet';
  const reason = testnet ? 'credentials; testnet' : 'credentials; mainnet confirmed by LIVE_TRADING_CONFIRM';
  return { kind: 'RESOLVED', mode: { mode: 'live', network, reason } };
}

/**
 * A recording from `--replay` has precedence over public data: both only simulate.
 * @param {ModeInput} input
 * @param {SyntheticSource} source
 * @returns {ModeResolution}
 */
function resolveReplay(input, source) {
  if (input.switches.allowSynthetic) {
    return {
      kind: 'RESOLVED',
      mode: { mode: 'synthetic', network: 'none', reason: 'no credentials; ALLOW_SYNTHETIC=true; --replay', source },
    };
  }
  return abort(
    '--replay plays a recording in synthetic mode, which the settings do not allow: ALLOW_SYNTHETIC is not true.',
    '  • Type: ALLOW_SYNTHETIC=true npm start -- --replay FILE…  (or set it in .env)',
  );
}
