import { byId, el, pill, setText } from './dom.js';
import { age, fixed, grouped, money, short, tone } from './format.js';
import { MONEY } from './units.js';

/** execution-manager reports every second; an older report is shown as missing. */
const REPORT_MAX_AGE_MS = 10_000;

const LEVELS = { OK: 'good', WARNING: 'warn', CRITICAL: 'bad', UNKNOWN: 'warn' };

/** The report of execution-manager; undefined if it is missing or old. */
export function freshReport(document) {
  return document?.live !== undefined && document.live_age_ms <= REPORT_MAX_AGE_MS ? document.live : undefined;
}

/** Shows balance and margin, and in live why entries are not possible. Hidden if entries have a fixed size. */
export function showAccount(document, now, { isLive }) {
  const { account } = document;
  byId('account-panel').hidden = account === undefined && !isLive;
  const report = freshReport(document);
  byId('account-level').replaceChildren(account ? pill(words(account.margin_level), LEVELS[account.margin_level]) : '');
  byId('account').replaceChildren(...entries([...moneyOf(account), ...(isLive ? liveOf(report, now) : [])]));
  const blocks = isLive ? blocksOf(report) : [];
  byId('account-blocks').replaceChildren(...blocks);
  setText('account-entries', isLive ? (report?.can_enter ? 'entries possible' : 'no entries') : '');
  byId('account-entries').className = `count ${!isLive || report?.can_enter ? '' : 'bad'}`;
}

const words = (level) => `margin ${level.toLowerCase()}`;

function moneyOf(account) {
  if (account === undefined) return [['Balance', 'unknown', 'warn', 'No figures of the account have arrived yet.']];
  const percent = (value) => (value === undefined ? 'unknown' : `${fixed(value, 1)} %`);
  return [
    ['Wallet', fixed(account.wallet_balance), '', 'Deposits plus everything realised', MONEY],
    ['Unrealised', money(account.unrealized_pnl), tone(account.unrealized_pnl), 'Open positions at mark prices', MONEY],
    ['Available', fixed(account.available_balance), '', 'What new positions may use as margin', MONEY],
    ['Free margin', percent(account.free_margin_pct), '', 'Available / margin balance; low is dangerous'],
    [
      'Maintenance',
      percent(account.maintenance_ratio_pct),
      '',
      'Maintenance margin / margin balance; 100 % is liquidation',
    ],
  ];
}

function liveOf(report, now) {
  if (report === undefined) return [];
  const use = (count) => (count === undefined ? '–' : `${short(count.used)} / ${grouped(String(count.limit))}`);
  const { user_stream, order_latency_ms: latency, reconciled_ts, uncovered_ms } = report;
  return [
    [
      'Uncovered',
      uncovered_ms > 0 ? age(uncovered_ms) : 'none',
      uncovered_ms > 0 ? 'bad' : '',
      'Longest time that an open position has no stop on the venue',
    ],
    ['User stream', user_stream.is_open ? 'open' : 'closed', user_stream.is_open ? '' : 'bad'],
    ['Reconciled', reconciled_ts === undefined ? 'never' : `${age(Math.max(0, now - reconciled_ts))} ago`],
    [
      'Order latency',
      latency === undefined ? '–' : `${fixed(latency.p50, 0)} / ${fixed(latency.p99, 0)} ms`,
      '',
      'From sending an order to the first word of the venue: median / 99th percentile',
    ],
    ['Weight', use(report.weight), '', 'Request weight used this minute, and its limit'],
    ['Orders 10 s', use(report.orders_10s), '', 'Orders sent in ten seconds, and their limit'],
    ['Unknown orders', `${report.unknown_orders.length}`, report.unknown_orders.length > 0 ? 'bad' : ''],
    [
      'Not ours',
      `${report.foreign_orders + report.foreign_positions.length}`,
      report.foreign_orders + report.foreign_positions.length > 0 ? 'warn' : '',
      'Orders and positions on the account that Helios did not make; it never touches them',
    ],
  ];
}

/** Why no entry is possible, and what differs from the venue. */
function blocksOf(report) {
  if (report === undefined)
    return [
      el('p', { class: 'bad' }, 'execution-manager does not report: its state and the cover of positions are unknown.'),
    ];
  const blocked = report.blocked_by.map(({ code, reason }) => el('p', {}, pill(code, 'bad'), ` ${reason}`));
  const failed = (report.self_test?.checks ?? []).filter(({ outcome }) => outcome === 'FAILED');
  const tests = failed.map(({ check, detail }) => el('p', {}, pill(`self-test: ${check}`, 'bad'), ` ${detail}`));
  const differs = report.differences.map((text) => el('p', {}, pill('differs', 'warn'), ` ${text}`));
  const foreign = report.foreign_positions.map((symbol) =>
    el('p', {}, pill('not ours', 'warn'), ` position in ${symbol}`),
  );
  return [...blocked, ...tests, ...differs, ...foreign];
}

function entries(figures) {
  return figures.map(([title, text, kind = '', hint, unit]) =>
    el('div', { title: hint }, el('dt', { 'data-unit': unit }, title), el('dd', { class: `num ${kind}` }, text)),
  );
}
