import { marketName } from '../build-exchange.ts';
import type { Exchange } from '../exchange.ts';
import { AccountsPart } from './accounts-part.ts';
import { ConditionalPart } from './conditional-part.ts';
import { CountdownsPart } from './countdowns-part.ts';
import { HistoryPart } from './history-part.ts';
import { OrdersPart } from './orders-part.ts';
import { StateBeat } from './state-beat.ts';
import type { StateFile } from './state-file.ts';
import { StateRecorder } from './state-recorder.ts';

/** Restores the accounts from the file, and keeps them in it from now on. */
export function keepState(exchange: Exchange, file: StateFile): void {
  const { trading } = exchange;
  const orders = new OrdersPart(trading.engine, trading.accounts);
  const conditional = new ConditionalPart(trading.conditional, trading.accounts);
  const history = new HistoryPart(trading.accounts, trading.trueHistory);
  const accounts = new AccountsPart(trading.accounts);
  const parts = [accounts, orders, conditional, new CountdownsPart(trading.countdowns), history];
  const recorder = new StateRecorder(file, parts, () => exchange.clock());
  trading.recordTo((events) => recorder.record(events));
  trading.timers.add(new StateBeat(exchange, { orders, conditional }, recorder));
}

/** The newest prices of a generated market, by its names. */
export function lastPrices({ content }: StateFile): Readonly<Record<string, number>> {
  const prices = [...content.table('prices')].map(([symbol, price]) => [marketName(symbol), Number(price)] as const);
  return Object.fromEntries(prices.filter(([, price]) => price > 0));
}
