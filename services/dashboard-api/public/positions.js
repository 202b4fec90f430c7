import { byId, el, num, pill, setText, showTable, table } from './dom.js';
import { age, amount, money, price, short, signed, tone, words } from './format.js';
import { baseOf, MONEY } from './units.js';

/** Shows open positions with stops and unrealised PnL. What belongs to a figure stands below it, so that the table needs no scrolling. */
export function showPositions({ positions }, now) {
  setText('positions-count', String(positions.length));
  // The venue values live positions at mark prices.
  const priceTitle = positions.some(({ mark_price }) => mark_price !== undefined) ? 'Mark' : 'Now';
  const columns = [
    {
      title: 'Symbol',
      cell: (row) => [
        el('b', {}, row.symbol),
        ' ',
        sidePill(row.side),
        below(quantityOf(row), ` · ${heldOf(row, now)}`),
      ],
    },
    num(
      priceTitle,
      (row) => [price(row.mark_price ?? row.current_price), below(`entry ${price(row.entry_price)}`)],
      '',
      MONEY,
    ),
    num('Unrealised', unrealisedOf, '', MONEY),
    num('Stop', stopOf, '', MONEY),
    num('Target', ({ take_profit }) => price(take_profit), 'wide', MONEY),
  ];
  showTable('positions', positions, 'Open positions', columns, 'No open position.');
}

/** A second line of a cell. */
const below = (...content) => el('small', { class: 'muted' }, ...content);

/** How long the position is open, and whether a person opened it. */
const heldOf = ({ entry_ts, origin }, now) =>
  `${age(Math.max(0, now - entry_ts))}${origin === 'EXTERNAL' ? ' · by hand' : ''}`;

function unrealisedOf({ unrealized_pnl, unrealised_pnl, unrealised_pct, funding }) {
  const pnl = unrealized_pnl ?? unrealised_pnl;
  return [
    el('span', { class: tone(pnl) }, money(pnl)),
    unrealised_pct === undefined ? undefined : below(`${signed(unrealised_pct, 3)} %`),
    funding === undefined
      ? undefined
      : below(`funding ${funding < 0 ? 'received' : 'paid'} ${amount(Math.abs(funding))}`),
  ];
}

const COVERS = { COVERED: 'good', PLACING: 'warn', UNKNOWN: 'bad', UNCOVERED: 'bad' };

/** The stop that rests on the venue, or the one that the strategy watches; below it the price of liquidation, if it is known. */
function stopOf({ trailing_stop, stop_loss, liquidation_price, cover }) {
  const liquidation = liquidation_price === undefined ? undefined : below(`liquidation ${price(liquidation_price)}`);
  if (cover) return [price(cover.stop_price), ' ', pill(words(cover.state), COVERS[cover.state]), liquidation];
  if (trailing_stop !== undefined) return [price(trailing_stop), ' ', pill('trailing', 'info'), liquidation];
  return [stop_loss === undefined ? pill('no stop', 'bad') : price(stop_loss), liquidation];
}

const quantityOf = ({ quantity, symbol }) => el('span', { 'data-unit': baseOf(symbol) }, short(quantity));

const sidePill = (side) => pill(side, side.endsWith('LONG') ? 'good' : 'bad');

/** Shows the resting orders, if there are any. */
export function showOrders({ orders }, now) {
  const columns = [
    {
      title: 'Resting order',
      cell: ({ symbol, side, purpose }) =>
        el('span', {}, el('b', {}, symbol), ' ', sidePill(side), ` ${words(purpose)}`),
    },
    num('Price', (order) => price(order.price), '', MONEY),
    num('Quantity', quantityOf, 'wide'),
    num('Expires in', ({ expires_ts }) => age(Math.max(0, expires_ts - now))),
  ];
  byId('orders').replaceChildren(...(orders.length > 0 ? [table('Resting orders', columns, orders)] : []));
}
