import type { CoverTarget } from '../../src/live/cover/cover-target.ts';
import { PositionCover } from '../../src/live/cover/position-cover.ts';
import type { LiveStop, StopState, VenueCommand, VenueStop } from '../../src/live/venue-port.ts';
import { gridOfDecimals } from '../../src/price/price-grid.ts';

export const SYMBOL = 'BTCUSDT';
export const LONG: CoverTarget = { side: 'LONG', quantity: 0.3, stopPrice: 95 };

/** A cover of one symbol with a clock that the test moves, epoch ms from 1,000,000 on. */
export class CoverHarness {
  nowMs = 1_000_000;
  /** All commands so far, oldest first. */
  readonly commands: VenueCommand[] = [];
  readonly cover = new PositionCover({
    symbol: SYMBOL,
    stopIdOf: (attempt) => `he-s${attempt}`,
    isOurs: (id) => id.startsWith('he-'),
    deadlineMs: 2_000,
    grid: () => gridOfDecimals(2),
  });
  #taken = 0;

  want(target: CoverTarget | undefined): void {
    this.cover.want(target, this.nowMs);
  }

  /** Moves the clock in steps of 100 ms, with a timer in each. */
  pass(ms: number): void {
    for (const end = this.nowMs + ms; this.nowMs < end; ) {
      this.nowMs = Math.min(this.nowMs + 100, end);
      this.cover.onTimer(this.nowMs);
    }
  }

  mark(price: number): void {
    this.cover.onPrice(price, this.nowMs);
  }

  /** Commands since the last call, in short form. */
  said(): string[] {
    this.commands.push(...this.cover.takeCommands());
    const fresh = this.commands.slice(this.#taken);
    this.#taken = this.commands.length;
    return fresh.map(briefly);
  }

  /** The venue shows a stop in this state; without terms those of its placement. */
  shows(id: string, state: StopState, fields: Partial<VenueStop> & { code?: string; message?: string } = {}): void {
    const { code, message, ...stop } = fields;
    const shown = this.shown(id, state, stop);
    this.cover.onNews(
      { kind: 'STOP', stop: shown, ...(code !== undefined && { code }), ...(message !== undefined && { message }) },
      this.nowMs,
    );
  }

  shown(id: string, state: StopState, fields: Partial<VenueStop> = {}): VenueStop {
    const { action = 'SELL', quantity = 0, triggerPrice = 0 } = this.placed(id) ?? {};
    const terms = { clientAlgoId: id, symbol: SYMBOL, action, quantity, triggerPrice, reduceOnly: true };
    return { ...terms, state, tsEvent: this.nowMs, ...fields };
  }

  unknown(id: string): void {
    this.cover.onNews({ kind: 'STOP_UNKNOWN', clientAlgoId: id, detail: 'timeout' }, this.nowMs);
  }

  absent(id: string): void {
    this.cover.onNews({ kind: 'STOP_ABSENT', clientAlgoId: id }, this.nowMs);
  }

  notSent(id: string, retryAfterMs: number): void {
    this.cover.onNews({ kind: 'STOP_NOT_SENT', clientAlgoId: id, detail: 'limit', retryAfterMs }, this.nowMs);
  }

  /** Wants the stop and has it confirmed at once. */
  covered(target: CoverTarget = LONG): void {
    this.want(target);
    this.said();
    this.shows('he-s1', 'NEW');
  }

  get state(): string | undefined {
    return this.cover.state()?.state;
  }

  get demand(): string | undefined {
    return this.cover.closeDemand()?.code;
  }

  private placed(id: string): LiveStop | undefined {
    this.commands.push(...this.cover.takeCommands());
    return this.commands
      .flatMap((each) => (each.kind === 'PLACE_STOP' && each.stop.clientAlgoId === id ? each.stop : []))
      .at(-1);
  }
}

function briefly(command: VenueCommand): string {
  switch (command.kind) {
    case 'PLACE_STOP': {
      const { clientAlgoId, action, quantity, triggerPrice } = command.stop;
      return `place ${clientAlgoId} ${action} ${quantity} @ ${triggerPrice}`;
    }
    case 'CANCEL_STOP':
      return `cancel ${command.clientAlgoId}`;
    case 'QUERY_STOP':
      return `query ${command.clientAlgoId}`;
    case 'QUERY_ORDER':
      return `query order ${command.clientOrderId}`;
    default:
      return command.kind;
  }
}
