import { cancelAllStops, cancelStop } from '@helios/binance/orders/algo-endpoints.ts';
import type { AlgoReport } from '@helios/binance/orders/algo-report.ts';
import { cancelAllOrders, postOrder } from '@helios/binance/orders/order-endpoints.ts';
import { outcomeOf } from '@helios/binance/orders/request-outcome.ts';
import type { RestAnswer, RestFailure } from '@helios/binance/rest/rest-answer.ts';
import type { SignedRest } from '@helios/binance/rest/signed-rest.ts';
import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';
import { type AccountPicture, isFlat, readPicture } from './account-picture.ts';
import { closeOrders } from './close-orders.ts';

export interface ClosingDependencies {
  readonly rest: SignedRest;
  /** Largest market order of a symbol; undefined while it is not known. */
  readonly maxQuantityOf: (symbol: string) => string | undefined;
  /** Shows a line to the operator. */
  readonly say: (line: string) => void;
  /** Our clock, epoch ms. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** Gives up after this, ms. */
  readonly withinMs: number;
}

/** One request that changed something, or tried to. */
export interface ClosingStep {
  readonly ts: number;
  readonly request: string;
  readonly outcome: 'DONE' | 'REFUSED' | 'NOT_SENT' | 'UNKNOWN';
  readonly detail?: string;
}

export interface ClosedAccount {
  /** FLAT: two readings in a row showed nothing open. NOT_PROVEN: the time was up before. */
  readonly result: 'FLAT' | 'NOT_PROVEN';
  readonly before: AccountPicture | undefined;
  readonly after: AccountPicture | undefined;
  readonly steps: readonly ClosingStep[];
}

/** An order in flight may fill right after the first flat reading. */
const SECOND_LOOK_MS = 1_000;
const PAUSE: Backoff = { baseMs: 250, maxMs: 4_000 };
/** Added to the venue's own wait. */
const GRACE_MS = 500;

/**
 * Closes everything on the account, also what others opened: cancels orders of both families and closes positions at the market, until two
 * readings in a row show that nothing is open. It may run twice, or after a run that was cut off: every order only reduces, and each
 * round acts on a new reading, so a request with an unknown outcome cannot open or reverse a position.
 */
export async function closeAccount(dependencies: ClosingDependencies): Promise<ClosedAccount> {
  const { rest, say, now, wait, withinMs } = dependencies;
  const endMs = now() + withinMs;
  const closing = new Closing(dependencies);
  let before: AccountPicture | undefined;
  let after: AccountPicture | undefined;
  let shown = '';
  for (let attempt = 0, flatReadings = 0; ; attempt += 1) {
    const seen = await readPicture(rest);
    let waitMs = backoffMs(PAUSE, attempt);
    if ('kind' in seen) {
      waitMs = Math.max(waitMs, (seen.retryAfterMs ?? -GRACE_MS) + GRACE_MS);
      flatReadings = 0;
    } else {
      before ??= seen;
      after = seen;
      flatReadings = isFlat(seen) ? flatReadings + 1 : 0;
      if (flatReadings === 2) return { result: 'FLAT', before, after, steps: closing.steps };
      if (flatReadings === 1) waitMs = SECOND_LOOK_MS;
    }
    const line = stateLine(seen);
    if (line !== shown) say(line);
    shown = line;
    if (flatReadings === 1) await closing.sweep();
    else if (!('kind' in seen)) await closing.act(seen);
    if (now() + waitMs > endMs) return { result: 'NOT_PROVEN', before, after, steps: closing.steps };
    await wait(waitMs);
  }
}

function stateLine(seen: AccountPicture | RestFailure): string {
  if ('kind' in seen) return `  The account cannot be read (${seen.code}): ${seen.detail}`;
  const { positions, orders, stops } = seen;
  if (isFlat(seen)) return '  Nothing is open. Reading again to be sure …';
  if (positions.length + orders.length + stops.length === 0)
    return '  The venue shows no position, but margin of positions: it contradicts itself. Reading again …';
  return `  Open: ${positions.length} positions, ${orders.length} orders, ${stops.length} conditional orders. Closing …`;
}

/** Sends the requests and remembers their outcomes. */
class Closing {
  readonly steps: ClosingStep[] = [];
  readonly #dependencies: ClosingDependencies;
  readonly #tag: string;
  readonly #closed = new Set<string>();
  #orders = 0;

  constructor(dependencies: ClosingDependencies) {
    this.#dependencies = dependencies;
    this.#tag = dependencies.now().toString(36);
  }

  /** Sends everything at once: a request that hangs must not keep a position open. */
  async act({ positions, orders, stops }: AccountPicture): Promise<void> {
    const { rest, maxQuantityOf } = this.#dependencies;
    const open = new Set(positions.map(({ symbol }) => symbol));
    for (const symbol of open) this.#closed.add(symbol);
    const closes = positions.flatMap((position) => closeOrders(position, maxQuantityOf(position.symbol), this.#nextId));
    // A stop stays until its position is closed. One that could open a position goes at once.
    const uncovered = symbolsOf(stops.filter(({ symbol }) => !open.has(symbol)));
    const entries = stops.filter((stop) => open.has(stop.symbol) && !onlyCloses(stop));
    await Promise.all([
      ...closes.map((order) => this.#note(`close ${order.symbol} ${order.quantity}`, rest.send(postOrder, order))),
      ...symbolsOf(orders).map((symbol) =>
        this.#note(`cancel orders ${symbol}`, rest.send(cancelAllOrders, { symbol })),
      ),
      ...uncovered.map((symbol) => this.#note(`cancel stops ${symbol}`, rest.send(cancelAllStops, { symbol }))),
      ...entries.map(({ symbol, clientAlgoId }) =>
        this.#note(`cancel stop ${symbol} ${clientAlgoId}`, rest.send(cancelStop, { clientAlgoId })),
      ),
    ]);
  }

  /** Cancels once more on the symbols that had a position: for minutes the venue may not list a conditional order that it has. */
  async sweep(): Promise<void> {
    const { rest } = this.#dependencies;
    await Promise.all(
      [...this.#closed].map((symbol) => this.#note(`sweep stops ${symbol}`, rest.send(cancelAllStops, { symbol }))),
    );
  }

  readonly #nextId = (): string => {
    this.#orders += 1;
    return `panic-${this.#tag}-${this.#orders}`;
  };

  async #note(request: string, answered: Promise<RestAnswer<unknown>>): Promise<void> {
    const { now, say } = this.#dependencies;
    const outcome = outcomeOf(await answered);
    const detail = outcome.kind === 'DONE' ? {} : { detail: outcome.failure.detail };
    this.steps.push({ ts: now(), request, outcome: outcome.kind, ...detail });
    say(`    ${request}: ${outcome.kind}${outcome.kind === 'DONE' ? '' : ` · ${outcome.failure.detail}`}`);
  }
}

function symbolsOf(rows: readonly { readonly symbol: string }[]): readonly string[] {
  return [...new Set(rows.map(({ symbol }) => symbol))];
}

function onlyCloses({ reduceOnly, closePosition }: AlgoReport): boolean {
  return reduceOnly || closePosition;
}
