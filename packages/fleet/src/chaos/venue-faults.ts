import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import type { FaultInput } from '@helios/exchange-simulator/faults/fault.ts';
import { VenueControl } from '../rehearse/venue-control.ts';
import { type ClockShift, withoutShifts } from './clock-shifts.ts';

/** Faults that act on everything as long as they stand, so that the exchange does not count their strikes. */
const STANDING: readonly FaultInput['fault'][] = ['refuse', 'clock', 'jump', 'symbol', 'freeze'];

/** A fault with its name in the exchange's list. */
type Labelled = FaultInput & { readonly label: string };

/** Several faults of one exchange that begin and end independently of each other. */
export class VenueFaults extends VenueControl {
  #active: readonly Labelled[] = [];
  #count = 0;
  readonly #shifts: ClockShift[] = [];
  #setting: Promise<unknown> = Promise.resolve();

  /** Begins faults; returns what `end` takes. */
  async begin(faults: readonly FaultInput[]): Promise<readonly Labelled[]> {
    this.#count += 1;
    const begun = faults.map((fault, index) => ({ ...fault, label: `${this.#count}.${index}` }));
    await this.#change((active) => [...active, ...begun]);
    return begun;
  }

  /** Ends faults; resolves to how often they have struck. */
  async end(begun: readonly Labelled[]): Promise<number> {
    const met = await this.metFaults();
    await this.#change((active) => active.filter((fault) => !begun.includes(fault)));
    return begun.reduce((sum, { fault, label }) => sum + (STANDING.includes(fault) ? 1 : (met[label] ?? 0)), 0);
  }

  /** The whole history, each event with its true time: while the venue's clock was off, its stamps were too. */
  async straightLedger(): Promise<readonly LedgerEvent[]> {
    return withoutShifts(await this.ledger(), this.#shifts);
  }

  /** One change after the other, so that none gets lost. */
  #change(to: (active: readonly Labelled[]) => readonly Labelled[]): Promise<void> {
    const changed = this.#setting.then(async () => {
      const before = offsetOf(this.#active);
      this.#active = to(this.#active);
      const offsetMs = offsetOf(this.#active);
      const fromSeq = await this.lastSeq();
      await this.setFaults(this.#active);
      if (offsetMs !== before)
        this.#shifts.push({ fromSeq, toSeq: await this.lastSeq(), atTs: Date.now(), beforeMs: before, offsetMs });
    });
    this.#setting = changed.catch(() => {});
    return changed;
  }
}

function offsetOf(faults: readonly FaultInput[]): number {
  return faults.reduce((sum, fault) => sum + (fault.fault === 'clock' ? fault.offset_ms : 0), 0);
}
