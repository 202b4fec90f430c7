import type { LiveVenue } from '@helios/binance/live/live-venue.ts';
import { Records } from '@helios/shared/contracts/catalog.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { LivePublisher } from './live-publisher.ts';

/** The venue may list a flow late; readers know repeated flows by their id. */
const OVERLAP_MS = 120_000;
/** How far a first start looks back. */
const FIRST_LOOK_MS = 3_600_000;

interface FlowsOptions {
  readonly bus: Bus<'execution-manager'>;
  readonly run: string;
  readonly venue: Pick<LiveVenue, 'flowsSince'>;
  readonly publisher: Pick<LivePublisher, 'offerFlows' | 'settled'>;
  readonly now: () => number;
  readonly log: Logger;
}

/** Passes on the venue's income history: funding, fees and realised PnL as the venue booked them. */
export class AccountFlows {
  readonly #options: FlowsOptions;
  readonly #seen = new Map<string, number>();
  #sinceTs: number | undefined;
  #isFailing = false;

  constructor(options: FlowsOptions) {
    this.#options = options;
  }

  /** Asks for the flows since the last call. The next call asks again for what this one did not get. */
  async poll(): Promise<void> {
    const { venue, publisher, bus, run, log } = this.#options;
    const sinceTs = this.#sinceTs ?? (await this.#restored());
    if (sinceTs === undefined) return;
    const answer = await venue.flowsSince(sinceTs - OVERLAP_MS);
    if (answer.kind === 'FAILURE') {
      if (!this.#isFailing) log.warn({ code: answer.code, detail: answer.detail }, 'income of the account not read');
      this.#isFailing = true;
      return;
    }
    this.#isFailing = false;
    const fresh = answer.value.filter(({ flow_id }) => !this.#seen.has(flow_id));
    publisher.offerFlows(fresh);
    await skipWhileAway(() => publisher.settled());
    for (const { flow_id, ts_event } of answer.value) this.#seen.set(flow_id, ts_event);
    const newestTs = Math.max(sinceTs, ...answer.value.map(({ ts_event }) => ts_event));
    this.#sinceTs = newestTs;
    for (const [id, ts] of this.#seen) if (ts < newestTs - OVERLAP_MS) this.#seen.delete(id);
    if (fresh.length > 0)
      await skipWhileAway(() => bus.write((batch) => batch.setRecord(Records.flowsRead, { run, until_ts: newestTs })));
  }

  /** Where an earlier start ended; undefined while Redis is away. */
  async #restored(): Promise<number | undefined> {
    const { bus, run, now } = this.#options;
    await skipWhileAway(async () => {
      const read = await bus.getRecord(Records.flowsRead);
      this.#sinceTs = read?.run === run ? read.until_ts : now() - FIRST_LOOK_MS;
    });
    return this.#sinceTs;
  }
}
