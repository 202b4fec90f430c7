import type { LiveVenue } from '@helios/binance/live/live-venue.ts';
import type { LiveTrading } from '@helios/core/live/live-trading.ts';
import { Records } from '@helios/shared/contracts/catalog.ts';
import type { LiveStatus } from '@helios/shared/domain/live-status.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import type { LivePublisher } from './live-publisher.ts';
import type { SelfTest } from './self-test.ts';

interface WriterOptions {
  readonly bus: Bus<'execution-manager'>;
  readonly run: string;
  readonly trading: LiveTrading;
  readonly venue: Pick<LiveVenue, 'limits' | 'clockOffsetMs' | 'lastUserEventTs'>;
  readonly publisher: LivePublisher;
  readonly selfTest: () => SelfTest | undefined;
  readonly userStreamIsOpen: () => boolean;
  /** When the newest snapshot was asked for that shows nothing of ours. */
  readonly flatTs: () => number | undefined;
  readonly now: () => number;
}

/** Writes the live status, the account, and all positions and orders once a second. */
export class LiveStatusWriter {
  readonly #options: WriterOptions;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Resolves to what it wrote, or would have written if Redis were not away. */
  async write(): Promise<LiveStatus> {
    const { bus, trading, publisher, now } = this.#options;
    const nowMs = now();
    const symbols = new Set([...trading.symbols(), ...publisher.exposedSymbols()]);
    publisher.refresh([...symbols].map((symbol) => trading.positionUpdate(symbol, nowMs)));
    const account = trading.account(nowMs);
    const status = this.status(nowMs);
    await skipWhileAway(() =>
      bus.write((batch) => {
        publisher.putState(batch);
        if (account !== undefined) batch.setRecord(Records.account, account);
        batch.setRecord(Records.liveStatus, status);
      }),
    );
    return status;
  }

  status(nowMs: number): LiveStatus {
    const { run, trading, venue, selfTest, userStreamIsOpen, flatTs } = this.#options;
    const { is_proven_flat: isFlat, ...known } = trading.status(nowMs);
    const { weight, orders10s, orders1m } = venue.limits();
    const test = selfTest();
    const flat = flatTs();
    const { lastUserEventTs: last, clockOffsetMs: offset } = venue;
    return {
      ...known,
      run,
      can_enter: known.blocked_by.length === 0,
      ...(test !== undefined && { self_test: test }),
      user_stream: { is_open: userStreamIsOpen(), ...(last !== undefined && { last_event_ts: last }) },
      // A position that was opened since ends the proof.
      ...(isFlat && flat !== undefined && { flat_ts: flat }),
      ...(offset !== undefined && { clock_offset_ms: offset }),
      ...{ weight, orders_10s: orders10s, orders_1m: orders1m },
      updated_ts: nowMs,
    };
  }
}
