import { byId, el, setText, svg } from './dom.js';
import { amount, counted, dateTime, fixed, money, signed, tone } from './format.js';
import { MONEY } from './units.js';

const BARS = 60;
const IN_MONEY = new Set(['Realised PnL', 'Equity', 'Fees', 'Funding', 'Expectancy', 'By hand']);
const TEN_DAYS = 'Of daily returns, from the tenth day after the first trade. Days without a trade count too.';

/** Shows the recorded statistics, and the last trades as bars. */
export function showPerformance({ source, summary, recent_trades }) {
  setText('performance-source', source);
  const s = summary ?? {};
  const figures = [
    ['Realised PnL', money(s.total_pnl), tone(s.total_pnl)],
    ['Equity', fixed(s.equity)],
    ['Win rate', s.total_trades > 0 ? `${fixed(s.win_rate, 1)} %` : '–'],
    [
      'Trades',
      s.total_trades === undefined ? '–' : `${s.total_trades}`,
      '',
      `${s.wins ?? 0} won, ${s.losses ?? 0} lost`,
    ],
    ['Max drawdown', s.max_drawdown_pct === undefined ? '–' : `${fixed(s.max_drawdown_pct)} %`],
    ['Fees', amount(s.total_fees)],
    ['Funding', amount(s.total_funding)],
    ['Profit factor', fixed(s.profit_factor)],
    ['Expectancy', money(s.expectancy), tone(s.expectancy)],
    ['Sharpe', fixed(s.sharpe), '', TEN_DAYS],
    ['Sortino', fixed(s.sortino), '', TEN_DAYS],
    ['Streak', s.current_streak === undefined ? '–' : signed(s.current_streak, 0)],
    [
      'Signals',
      s.signals === undefined ? '–' : `${s.signals}`,
      '',
      `${s.replaced ?? 0} replaced, ${s.missed ?? 0} missed, ${s.denied ?? 0} denied, ${s.orphan_exits ?? 0} orphan exits`,
    ],
  ];
  if (s.external_trades > 0) {
    const hint = `${counted(s.external_trades, 'trade')} opened by hand. No other figure includes them.`;
    figures.push(['By hand', money(s.external_pnl), tone(s.external_pnl), hint]);
  }
  const entries = figures.map(([title, text, kind = '', hint]) => {
    const unit = IN_MONEY.has(title) && text !== '–' ? MONEY : undefined;
    return el('div', { title: hint }, el('dt', { 'data-unit': unit }, title), el('dd', { class: `num ${kind}` }, text));
  });
  byId('figures').replaceChildren(...entries);
  showTradeBars(recent_trades.slice(0, BARS).toReversed());
}

function showTradeBars(trades) {
  const largest = Math.max(...trades.map(({ realized_pnl }) => Math.abs(realized_pnl)), 1e-12);
  const bars = trades.map(({ realized_pnl, symbol, exit_ts }, i) => {
    const height = Math.max(0.6, (Math.abs(realized_pnl) / largest) * 19);
    const y = realized_pnl >= 0 ? 20 - height : 20;
    const title = svg('title', {}, `${symbol} ${money(realized_pnl)} ${MONEY} at ${dateTime(exit_ts)}`);
    return svg(
      'rect',
      { x: (BARS - trades.length + i) * 4 + 0.5, y, width: 3, height, class: realized_pnl >= 0 ? 'gain' : 'loss' },
      title,
    );
  });
  const box = svg(
    'svg',
    {
      viewBox: `0 0 ${BARS * 4} 40`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': 'Realised PnL of the last trades',
    },
    ...bars,
  );
  byId('trade-bars').replaceChildren(...(trades.length > 0 ? [box] : []));
  // The bars are the only figure that includes trades by hand.
  const byHand = trades.some(({ origin }) => origin === 'EXTERNAL') ? ', including those opened by hand' : '';
  const text =
    trades.length > 0
      ? `Realised PnL (${MONEY}) of the last ${counted(trades.length, 'trade')}${byHand}, newest right`
      : 'No closed trade yet.';
  setText('trade-bars-caption', text);
}
