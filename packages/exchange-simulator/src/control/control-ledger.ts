import { moneyText } from '@helios/core/matching/money.ts';
import type { TradingAccount } from '../accounts/trading-account.ts';
import type { Exchange } from '../exchange.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { TradingVenue } from '../trading/trading-venue.ts';
import type { SiteControl } from './control-handler.ts';
import { type GridOf, ledgerConditional, ledgerOrder, ledgerPosition, ledgerRow } from './ledger-row.ts';

const MAX_ROWS = 10_000;

/**
 * `GET /control/ledger?after=SEQ&account=ID&limit=N`: what truly happened to the accounts, whatever their clients were told.
 * `GET /control/accounts`: wallets, settings, positions and open orders now.
 */
export function ledgerControl({ trading }: Exchange): SiteControl {
  const gridOf: GridOf = (symbol) => trading.marketOf(symbol)?.grid;
  return [
    { method: 'GET', path: '/control/ledger', answer: ({ query }) => ledger(query, trading, gridOf) },
    {
      method: 'GET',
      path: '/control/accounts',
      answer: () => jsonReply(200, { accounts: trading.accounts.all().map((one) => accountRow(one, trading, gridOf)) }),
    },
  ];
}

function ledger(query: URLSearchParams, { trueHistory: history, accounts }: TradingVenue, gridOf: GridOf): Reply {
  const after = Number(query.get('after') ?? 0);
  const limit = Number(query.get('limit') ?? MAX_ROWS);
  const account = query.get('account');
  if (!Number.isSafeInteger(after) || after < 0)
    return jsonReply(400, { error: `after is a whole number from 0, not “${query.get('after')}”.` });
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_ROWS)
    return jsonReply(400, { error: `limit is a whole number from 1 to ${MAX_ROWS}, not “${query.get('limit')}”.` });
  if (account !== null && accounts.byId(account) === undefined)
    return jsonReply(404, { error: `There is no account ${account}. Known: ${idsOf(accounts.all())}.` });
  const entries = history.after(after).filter(({ event }) => account === null || event.accountId === account);
  return jsonReply(200, {
    last_seq: history.lastSeq,
    entries: entries.slice(0, limit).map((entry) => ledgerRow(entry, gridOf)),
  });
}

function accountRow(account: TradingAccount, trading: TradingVenue, gridOf: GridOf): Readonly<Record<string, unknown>> {
  const { leverage, marginTypes } = account.settings;
  return {
    id: account.id,
    wallet: moneyText(account.wallet),
    cross_wallet: moneyText(account.crossWallet),
    is_hedge: account.isHedge,
    is_multi_assets: account.isMultiAssets,
    leverage: Object.fromEntries(leverage),
    margin_types: Object.fromEntries(marginTypes),
    positions: account
      .positions()
      .filter(({ holding }) => holding.steps !== 0)
      .map((position) => ledgerPosition(position, gridOf(position.symbol))),
    open_orders: trading.engine.open
      .ofAccount(account.id)
      .map((order) => ledgerOrder(order, gridOf(order.ticket.symbol))),
    open_algo_orders: trading.conditional.book
      .ofAccount(account.id)
      .map((order) => ledgerConditional(order, gridOf(order.ticket.symbol))),
  };
}

function idsOf(accounts: readonly TradingAccount[]): string {
  return accounts.length === 0 ? 'none' : accounts.map(({ id }) => id).join(', ');
}
