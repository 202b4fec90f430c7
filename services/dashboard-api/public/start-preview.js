import { el } from './dom.js';
import { fixed, money, price, short, time } from './format.js';
import { baseOf, MONEY } from './units.js';

/** Hosts of the networks, as in `venue-hosts.ts`, which a test compares. */
const HOSTS = { mainnet: 'fapi.binance.com', testnet: 'demo-fapi.binance.com' };
/** Maximum wait for the settings, ms. */
const ANSWER_MS = 5_000;
const UNKNOWN = 'not known now';

/** The limits to show: setting, name and unit. */
const LIMITS = [
  ['trading.leverage', 'Leverage', '×'],
  ['risk.margin_mode', 'Margin mode', ''],
  ['trading.max_open_positions', 'Open positions', ' at most'],
  ['risk.max_symbol_exposure_pct', 'Exposure per symbol', ' % of margin balance'],
  ['risk.max_total_exposure_pct', 'Exposure in total', ' % of margin balance'],
  ['risk.max_cluster_exposure_pct', 'Exposure per cluster', ' % of margin balance'],
  ['protections.daily_loss_pct', 'Daily loss', ' %, then no entry until the next UTC day'],
];

/** The settings in force, by `section.key`; undefined if the dashboard does not answer. */
async function readSettings() {
  try {
    const response = await fetch('/api/config', { signal: AbortSignal.timeout(ANSWER_MS) });
    if (!response.ok) return undefined;
    const { settings } = await response.json();
    return new Map(settings.map(({ section, key, value }) => [`${section}.${key}`, value]));
  } catch {
    return undefined;
  }
}

/**
 * What a Start of live trading does, as it is known now: network, account, limits, open positions and the self-test. The limits come
 * in later, so that the dialog opens at once.
 */
export function startPreview({ mode, account, live, positions }) {
  const limits = el('dd', {}, 'reading…');
  readSettings().then((settings) => limits.replaceChildren(...limitsOf(settings).map(line)));
  return [
    el('p', {}, 'Helios opens new positions with the money of this account when the gates allow them.'),
    el(
      'dl',
      { class: 'preview' },
      part('Network', [el('b', { class: mode.network === 'mainnet' ? 'bad' : '' }, networkOf(mode))]),
      part('Address', [mode.venue ?? HOSTS[mode.network] ?? UNKNOWN]),
      part('Account', accountOf(account)),
      part('Self-test', selfTestOf(live)),
      part('Open positions', positionsOf(positions, live)),
      [el('dt', {}, 'Limits'), limits],
    ),
  ];
}

const line = (content) => el('div', {}, content);
const part = (title, lines) => [el('dt', {}, title), el('dd', {}, ...lines.map(line))];

const networkOf = ({ network }) => (network === 'mainnet' ? 'mainnet: real money' : `${network}: no real money`);

function accountOf(account) {
  if (account === undefined) return [UNKNOWN];
  const { wallet_balance, available_balance, unrealized_pnl, margin_level } = account;
  return [
    `${fixed(wallet_balance)} ${MONEY} in the wallet, ${fixed(available_balance)} ${MONEY} available`,
    `${money(unrealized_pnl)} ${MONEY} unrealised, margin ${margin_level.toLowerCase()}`,
  ];
}

function positionsOf(positions, live) {
  const foreign = (live?.foreign_positions ?? []).map((text) => `${text}, not of Helios: it stays as it is`);
  if (positions === undefined) return [UNKNOWN, ...foreign];
  const own = positions.map(({ symbol, side, quantity, entry_price, cover }) => {
    const isCovered = cover?.state === 'COVERED';
    const stop = el('span', { class: isCovered ? '' : 'bad' }, `stop ${cover?.state.toLowerCase() ?? UNKNOWN}`);
    return [`${symbol} ${side}, ${short(quantity)} ${baseOf(symbol)} at ${price(entry_price)}, `, stop];
  });
  return own.length + foreign.length === 0 ? ['none'] : [...own, ...foreign];
}

function limitsOf(settings) {
  if (settings === undefined) return [UNKNOWN];
  return LIMITS.map(([path, name, unit]) => `${name}: ${limitText(path, settings.get(path) ?? UNKNOWN, unit)}`);
}

/** A protection of 0 is turned off. */
function limitText(path, value, unit) {
  return path.startsWith('protections.') && Number(value) === 0 ? 'off' : `${value}${unit}`;
}

function selfTestOf(live) {
  const test = live?.self_test;
  if (test === undefined) return [UNKNOWN];
  const failed = test.checks.filter(({ outcome }) => outcome === 'FAILED');
  const counts = `${test.checks.length - failed.length} of ${test.checks.length} checks`;
  const result = el('span', { class: test.passed ? 'good' : 'bad' }, test.passed ? 'passed' : 'failed');
  return [
    el('span', {}, result, ` at ${time(test.ts)}: ${counts}`),
    ...failed.map(({ check, detail }) => el('span', { class: 'bad' }, `${check}: ${detail}`)),
  ];
}
