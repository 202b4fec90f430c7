/** Something that happens at times of the venue's clock, such as funding or the end of an order. */
export interface Scheduled {
  /** Server time of its next event, epoch ms; undefined if none is planned. */
  dueTs(): number | undefined;
  /** Runs the event of that time; afterwards `dueTs` must be later or undefined. */
  run(ts: number): void;
}

/** Runs scheduled events in the order of their times, however far the clock moves at once. */
export class Timers {
  readonly #all: Scheduled[] = [];

  add(scheduled: Scheduled): void {
    this.#all.push(scheduled);
  }

  /** Runs all events up to and including `ts`; `at` wraps each run. */
  passTo(ts: number, at: (ts: number, run: () => void) => void): void {
    for (;;) {
      let first: { readonly scheduled: Scheduled; readonly dueTs: number } | undefined;
      for (const scheduled of this.#all) {
        const dueTs = scheduled.dueTs();
        if (dueTs !== undefined && dueTs <= ts && dueTs < (first?.dueTs ?? Number.POSITIVE_INFINITY))
          first = { scheduled, dueTs };
      }
      if (first === undefined) return;
      const { scheduled, dueTs } = first;
      at(dueTs, () => scheduled.run(dueTs));
    }
  }
}
