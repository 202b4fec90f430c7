import { byId, el, keyed, table } from './dom.js';
import { amount, dateTime, fixed, money, price, short, signed, time, tone, words } from './format.js';
import { baseOf, denialUnit, gateUnit, MONEY, quoteOf } from './units.js';

const OUTCOMES = {
  OPENED: 'info',
  CLOSED: '',
  REPLACED: 'warn',
  RESTING: 'info',
  MISSED: 'warn',
  DENIED: 'bad',
  ORPHAN_EXIT: 'warn',
};
const GATES = { PASSED: 'good', REFUSED: 'bad', DENIED: 'bad', OBSERVED: 'warn', NOT_WARM: '', OFF: '' };

/** Shows signals with their results. */
export function showDecisions({ decisions }) {
  show('decisions', decisions, 'No signal yet. They are rare: a trigger needs a reason, see docs/strategy.md.');
}

/** Shows refused triggers with what they would have earned. */
export function showRefusals({ decisions }) {
  show('refusals', decisions, 'No refused trigger yet.');
}

function show(id, decisions, empty) {
  keyed(byId(id), decisions, ({ decision_id }) => decision_id, row, empty);
}

function row(decision) {
  const { symbol, direction, timestamp, entry_price, fill_price, reason } = decision;
  const kind = direction.endsWith('LONG') ? 'good' : 'bad';
  const summary = el(
    'summary',
    {},
    el('span', { class: 'muted num', title: dateTime(timestamp) }, time(timestamp)),
    el('b', {}, symbol),
    el('span', { class: `pill ${kind}` }, direction.replace('_', ' ')),
    verdict(decision),
    // Prefer the fill price: the entry price of a signal by hand is only a typed number.
    el('span', { class: 'num price', 'data-unit': quoteOf(symbol) }, price(fill_price ?? entry_price)),
    result(decision),
    el('span', { class: 'reason' }, reason),
  );
  // Build the gates on opening: there are dozens of rows with nine gates each.
  const details = el('details', { class: 'decision' }, summary);
  details.addEventListener('toggle', () => {
    if (details.open && details.children.length === 1) details.append(body(decision));
  });
  return details;
}

function verdict({ outcome, refused_by, exit_reason }) {
  if (outcome === 'REFUSED') return el('span', { class: 'pill warn' }, words(refused_by ?? 'refused'));
  const text = exit_reason ? words(exit_reason) : words(outcome);
  return el('span', { class: `pill ${OUTCOMES[outcome] ?? ''}`, title: words(outcome) }, text);
}

function result({ realized_pnl, follow_up }) {
  if (realized_pnl !== undefined)
    return el('span', { class: `num gain-loss ${tone(realized_pnl)}`, 'data-unit': MONEY }, money(realized_pnl));
  if (follow_up?.outcome === 'MISSED') return el('span', { class: 'num gain-loss muted' }, 'missed');
  if (follow_up)
    return el('span', { class: `num gain-loss ${tone(follow_up.net_bp)}` }, `${signed(follow_up.net_bp, 1)} bp`);
  return el('span', { class: 'num gain-loss' });
}

function denialText({ denial, symbol }) {
  const { code, value, limit } = denial;
  const unit = denialUnit(code, symbol);
  if (unit === undefined) return words(code);
  const figure = (number) => `${short(number)} ${unit}`.trimEnd();
  return `${words(code)}: ${figure(value)} against a limit of ${figure(limit)}`;
}

/** Unit of each fact that has one. */
function unitsOf({ symbol }) {
  const quote = quoteOf(symbol);
  const prices = { 'Decided on': quote, 'Filled at': quote, Stop: quote, Target: quote };
  return { ...prices, Size: baseOf(symbol), Gross: MONEY, Fees: MONEY, Funding: MONEY, Net: MONEY };
}

function inUnit(value, gate) {
  return value === undefined ? short(value) : el('span', { 'data-unit': gateUnit(gate) }, short(value));
}

function originText({ origin, trade_origin }) {
  if (origin === 'EXTERNAL') return 'published by hand';
  return trade_origin === 'EXTERNAL' ? 'position opened by hand' : undefined;
}

function ruleColumns({ symbol }) {
  const figure = ({ rule }, value) =>
    value === undefined || denialUnit(rule, symbol) === undefined
      ? short(undefined)
      : el('span', { 'data-unit': denialUnit(rule, symbol) || undefined }, short(value));
  return [
    { title: 'Rule', cell: ({ rule }) => words(rule) },
    { title: 'Result', cell: ({ outcome }) => el('span', { class: `pill ${GATES[outcome]}` }, words(outcome)) },
    { title: 'Value', cell: (row) => figure(row, row.value), kind: 'num' },
    { title: 'Limit', cell: (row) => figure(row, row.limit), kind: 'num' },
  ];
}

function body(decision) {
  const { gates = [], rules = [], follow_up } = decision;
  const facts = [
    ['Decided on', price(decision.entry_price)],
    [
      'Filled at',
      decision.fill_price === undefined
        ? undefined
        : `${words(decision.liquidity ?? '')} ${price(decision.fill_price)}`.trim(),
    ],
    ['Imbalance', signed(decision.nobi_value, 3)],
    ['Order flow', decision.order_flow === undefined ? undefined : `${signed(decision.order_flow, 1)} (10 s)`],
    ['Confidence', `${fixed(decision.confidence, 3)} (model: ${decision.model})`],
    ['Regime', decision.regime && words(decision.regime)],
    ['Stop', decision.stop_loss && price(decision.stop_loss)],
    ['Target', decision.take_profit && price(decision.take_profit)],
    ['Size', decision.position_size && short(decision.position_size)],
    ['Denied', decision.denial && denialText(decision)],
    ['Gross', decision.gross_pnl === undefined ? undefined : money(decision.gross_pnl)],
    ['Fees', decision.fees === undefined ? undefined : amount(decision.fees)],
    ['Slippage', decision.slippage === undefined ? undefined : `${fixed(decision.slippage, 4)} (in the price)`],
    ['Funding', decision.funding === undefined ? undefined : fixed(decision.funding, 4)],
    ['Beyond the book', decision.beyond_book_qty && short(decision.beyond_book_qty)],
    ['Net', decision.realized_pnl === undefined ? undefined : money(decision.realized_pnl)],
    ['Origin', originText(decision)],
    [
      'Would have made',
      follow_up &&
        `${signed(follow_up.gross_bp, 1)} bp gross, ${signed(follow_up.net_bp, 1)} bp net by ${words(follow_up.exit_reason ?? 'MISSED')}`,
    ],
    ['Id', decision.decision_id],
  ].filter(([, value]) => value !== undefined);
  const units = unitsOf(decision);
  const list = facts.map(([name, value]) =>
    el(
      'div',
      { class: name === 'Id' && 'whole-row' },
      el('dt', {}, name),
      el('dd', {}, el('span', { 'data-unit': units[name] }, value)),
    ),
  );
  const columns = [
    { title: 'Gate', cell: ({ gate }) => words(gate) },
    { title: 'Result', cell: ({ outcome }) => el('span', { class: `pill ${GATES[outcome]}` }, words(outcome)) },
    { title: 'Value', cell: ({ gate, value }) => inUnit(value, gate), kind: 'num' },
    { title: 'Limit', cell: ({ gate, limit }) => inUnit(limit, gate), kind: 'num' },
    { title: 'Note', cell: ({ note }) => note ?? '', kind: 'note' },
  ];
  return el(
    'div',
    { class: 'decision-body' },
    el('dl', { class: 'facts' }, list),
    rules.length > 0 ? el('div', { class: 'scroll' }, table('Risk rules', ruleColumns(decision), rules)) : undefined,
    gates.length > 0 ? el('div', { class: 'scroll' }, table('Gates', columns, gates)) : undefined,
  );
}
