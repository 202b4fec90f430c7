import type { TradingState } from '@helios/shared/domain/trading-state.ts';
import { MARGIN_ASSET, quoteCurrencyOf } from '@helios/shared/domain/units.ts';
import type { AccountModes } from './account-modes.ts';
import type { Block } from './block.ts';
import { MAX_EXIT_REFUSALS } from './exit-ladder.ts';
import type { LiveContext } from './live-context.ts';
import type { LiveOrders } from './live-orders.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { SymbolReadiness } from './symbol-readiness.ts';
import type { SymbolStatuses } from './symbol-statuses.ts';

/** A reason of the process against entries: lease, self-test, clock, ban. */
export interface ProcessBlock {
  readonly code: string;
  readonly reason: string;
}

/** What entries depend on besides the symbol. */
export interface EntryConditions {
  readonly state: TradingState;
  readonly isFlattening: boolean;
  readonly isStreamOpen: boolean;
  readonly streamReason: string;
  readonly process: readonly ProcessBlock[];
  readonly forced: ReadonlySet<string>;
}

interface Parts {
  readonly context: LiveContext;
  readonly orders: LiveOrders;
  readonly reconciliation: Reconciliation;
  readonly readiness: SymbolReadiness;
  readonly statuses: SymbolStatuses;
  readonly modes: AccountModes;
}

/** Reasons against every entry, apart from the trading state. */
export function accountBlocks(
  { orders, reconciliation, modes }: Pick<Parts, 'orders' | 'reconciliation' | 'modes'>,
  conditions: EntryConditions,
): Block[] {
  const { isStreamOpen, streamReason, process, forced } = conditions;
  const blocks: Block[] = process.map(({ code, reason }) => ({ code: 'NOT_READY', reason: `${code}: ${reason}` }));
  blocks.push(...modes.blocks());
  if (!isStreamOpen) blocks.push({ code: 'USER_STREAM', reason: `no events of the account: ${streamReason}` });
  if (reconciliation.reconciledMs === undefined) {
    blocks.push({ code: 'RECONCILING', reason: 'the account is not compared with the venue yet' });
  }
  const [other] = reconciliation.otherInstance();
  if (other) blocks.push({ code: 'FOREIGN_INSTANCE', reason: `another Helios trades on this account: order ${other}` });
  const stuck = orders.actives().find(({ purpose, refusals }) => purpose === 'EXIT' && refusals >= MAX_EXIT_REFUSALS);
  if (stuck) blocks.push({ code: 'EXIT_STUCK', reason: `${stuck.symbol} cannot be closed: ${stuck.lastRefusal}` });
  if (forced.size > 0) {
    blocks.push({ code: 'FORCED_CLOSE', reason: `the venue closed positions by force: ${[...forced].join(', ')}` });
  }
  return blocks;
}

/** The first reason against an entry on this symbol now. */
export function entryBlock(
  parts: Parts,
  conditions: EntryConditions,
  symbol: string,
  nowMs: number,
): Block | undefined {
  const { context, readiness, statuses } = parts;
  if (conditions.state !== 'ACTIVE' || conditions.isFlattening)
    return {
      code: 'TRADING_STATE',
      reason: `trading is ${conditions.isFlattening ? 'being flattened' : conditions.state}`,
    };
  const [account] = accountBlocks(parts, conditions);
  if (account) return account;
  if (!context.instruments.has(symbol)) return { code: 'INSTRUMENT_UNKNOWN', reason: 'its steps are unknown' };
  const closed = statuses.entryRefusal(symbol);
  if (closed !== undefined) return { code: 'SYMBOL_NOT_TRADING', reason: closed };
  const asset = quoteCurrencyOf(symbol);
  if (asset !== MARGIN_ASSET) {
    const reason = `its money is ${asset || 'of another kind'}; Helios trades ${MARGIN_ASSET} symbols: remove it from trading.symbols`;
    return { code: 'MARGIN_ASSET', reason };
  }
  const refusal = readiness.refusal(symbol, nowMs);
  if (refusal !== undefined) return { code: 'SYMBOL_REFUSED', reason: refusal };
  return symbolBlock(parts, symbol);
}

/** One position, one entry and one exit per symbol: in one-way mode a second side would reduce the first. */
function symbolBlock({ context, orders, reconciliation }: Parts, symbol: string): Block | undefined {
  const isFrozen =
    orders.inDoubt().some(({ child }) => child.order.symbol === symbol) || reconciliation.differs(symbol);
  if (isFrozen) return { code: 'SYMBOL_FROZEN', reason: 'an order or the position is in doubt' };
  if (reconciliation.foreignPositions().has(symbol)) {
    return { code: 'FOREIGN_POSITION', reason: 'somebody else holds a position on it' };
  }
  const isBusy =
    context.positions.of(symbol).length > 0 || orders.active(symbol, 'ENTRY') || orders.active(symbol, 'EXIT');
  return isBusy ? { code: 'SYMBOL_BUSY', reason: 'a position or an order of ours is on it' } : undefined;
}
