import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { TradingAccount } from '../accounts/trading-account.ts';
import type { Exchange } from '../exchange.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import { placeNewOrder } from '../rest/trade/order.ts';
import type { SiteControl } from './control-handler.ts';
import { readControlBody } from './read-control-body.ts';

/** The account; needed if there are several. */
const whose = { account: z.string().min(1).optional() };
const decimal = z.string().regex(/^\d{1,20}(?:\.\d{1,20})?$/, 'not a decimal text such as "0.010"');

/** Something that happens to an account once, although its client did not ask for it. */
const Action = z.discriminatedUnion('action', [
  /** Another hand, such as the owner on the web page, places an order. */
  z.strictObject({
    action: z.literal('order'),
    symbol: z.string().min(1),
    side: z.enum(['BUY', 'SELL']),
    quantity: decimal,
    /** Absent for MARKET. */
    price: decimal.optional(),
    reduce_only: z.boolean().optional(),
    position_side: z.enum(['BOTH', 'LONG', 'SHORT']).optional(),
    ...whose,
  }),
  /** Another hand cancels all ordinary orders of a symbol. */
  z.strictObject({ action: z.literal('cancel-orders'), symbol: z.string().min(1), ...whose }),
  /** The listen key ends now. */
  z.strictObject({ action: z.literal('expire-listen-key'), ...whose }),
  /** The venue liquidates, or closes by auto-deleveraging, what the account holds of a symbol. */
  z.strictObject({ action: z.enum(['liquidate', 'deleverage']), symbol: z.string().min(1), ...whose }),
]);
type Action = z.infer<typeof Action>;

const EXAMPLE = '{"action":"order","symbol":"BTCUSDT","side":"BUY","quantity":"0.010"}';

/** `POST /control/actions`: something happens to an account now. */
export function actionControl(exchange: Exchange): SiteControl {
  return [
    {
      method: 'POST',
      path: '/control/actions',
      async answer({ body }) {
        const read = readControlBody(Action, body, 'Nothing was done', EXAMPLE);
        if ('refused' in read) return read.refused;
        const { accounts } = exchange.trading;
        const id = read.value.account;
        const account = id === undefined ? onlyOne(accounts.all()) : accounts.byId(id);
        const known = accounts.all().map((one) => one.id);
        if (account === undefined)
          return refusedAction(`name an account. Known: ${known.length === 0 ? 'none' : known.join(', ')}.`);
        await exchange.advance();
        const reply = act(exchange, account, read.value);
        exchange.trading.saveChanges();
        return reply;
      },
    },
  ];
}

function act(exchange: Exchange, account: TradingAccount, action: Action): Reply {
  const { trading } = exchange;
  switch (action.action) {
    case 'order':
      return orderByHand(exchange, account, action);
    case 'cancel-orders': {
      const orders = trading.engine.open.ofAccount(account.id, action.symbol);
      trading.engine.cancel(...orders);
      return jsonReply(200, { canceled: orders.length });
    }
    case 'liquidate':
    case 'deleverage':
      return closedByVenue(trading, account, action);
    case 'expire-listen-key':
      return trading.userStream.expireKey(account.id)
        ? jsonReply(200, { expired: account.id })
        : refusedAction(`the account ${account.id} has no listen key.`);
  }
}

function closedByVenue(
  { liquidator }: Exchange['trading'],
  account: TradingAccount,
  { action, symbol }: { readonly action: 'liquidate' | 'deleverage'; readonly symbol: string },
): Reply {
  const closed = action === 'liquidate' ? liquidator.force(account, symbol) : liquidator.deleverage(account, symbol);
  if (closed > 0) return jsonReply(200, { closed });
  return refusedAction(`the account ${account.id} has no position in ${symbol}.`);
}

/** The order passes the checks of every order; only signature and limits are left out. */
function orderByHand(
  exchange: Exchange,
  account: TradingAccount,
  { symbol, side, quantity, price, reduce_only, position_side }: Extract<Action, { action: 'order' }>,
): Reply {
  const terms: Readonly<Record<string, string>> =
    price === undefined ? { type: 'MARKET' } : { type: 'LIMIT', timeInForce: 'GTC', price };
  const query = new URLSearchParams({
    ...{ symbol, side, quantity, ...terms, newClientOrderId: `web_${randomBytes(10).toString('hex')}` },
    ...(reduce_only === undefined ? {} : { reduceOnly: String(reduce_only) }),
    ...(position_side === undefined ? {} : { positionSide: position_side }),
  });
  const answer = placeNewOrder({ query, account, exchange, trading: exchange.trading });
  if (answer.kind === 'OK') return jsonReply(200, answer.body);
  return refusedAction(`the venue refuses the order: ${answer.code} ${answer.msg}`);
}

function onlyOne(accounts: readonly TradingAccount[]): TradingAccount | undefined {
  return accounts.length === 1 ? accounts[0] : undefined;
}

function refusedAction(why: string): Reply {
  return jsonReply(400, { error: `Nothing was done: ${why}` });
}
