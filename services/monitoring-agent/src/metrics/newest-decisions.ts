import type { Lists } from '@helios/shared/contracts/catalog.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

type DecisionList = typeof Lists.decisionLogs | typeof Lists.decisionRefusals;

/** Number of entries that are read first, beyond those that may still change. If all of them are new, four times as many are read. */
const READ_FIRST = 4;

/**
 * The whole list `decision_logs` or `decision_refusals`, newest first. A full list takes up to a megabyte, so each read takes
 * only new entries, and those that are RESTING. The follow-up of an earlier refusal may be missing.
 */
export class NewestDecisions {
  readonly #bus: Bus<'monitoring-agent'>;
  readonly #list: DecisionList;
  #known: readonly Decision[] = [];

  constructor(bus: Bus<'monitoring-agent'>, list: DecisionList) {
    this.#bus = bus;
    this.#list = list;
  }

  /** @throws BusUnavailable */
  async read(): Promise<readonly Decision[]> {
    const { maxLength } = this.#list;
    this.#known = (await this.#withChanges()) ?? (await this.#bus.getList(this.#list, maxLength));
    return this.#known;
  }

  /** The present list; undefined if it is unknown, or if it has more than a few new entries. */
  async #withChanges(): Promise<readonly Decision[] | undefined> {
    const { maxLength } = this.#list;
    const [newest] = this.#known;
    if (newest === undefined) return undefined;
    const unsettled = this.#known.findLastIndex(({ outcome }) => outcome === 'RESTING') + 1;
    for (let depth = unsettled + READ_FIRST; depth < maxLength; depth *= 4) {
      const head = await this.#bus.getList(this.#list, depth);
      const added = head.findIndex(({ decision_id }) => decision_id === newest.decision_id);
      if (added !== -1) return [...head, ...this.#known.slice(head.length - added)].slice(0, maxLength);
      if (head.length < depth) return undefined;
    }
    return undefined;
  }
}
