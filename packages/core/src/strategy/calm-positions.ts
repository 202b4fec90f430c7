import { calmOf, type PresentOfSides } from './calm.ts';
import { CalmGroup } from './calm-group.ts';
import type { ExitParams } from './exit-plan.ts';
import type { ManagedPosition } from './exposure.ts';

/** Spares judging the open positions of a symbol while nothing triggers and their prices stay within limits. */
export class CalmPositions {
  /** The positions of the limits; an update replaces the list. */
  #managed: readonly ManagedPosition[] | undefined;
  #group = new CalmGroup();

  /** True while judging these positions changes none of them. The caller checks for a trigger and a forced exit. */
  areCalm(managed: readonly ManagedPosition[], present: PresentOfSides): boolean {
    return managed.length === 0 || (managed === this.#managed && this.#group.isCalmNow(present));
  }

  /** Takes the limits of positions that were judged just now. */
  judged(managed: readonly ManagedPosition[], present: PresentOfSides, params: ExitParams): void {
    this.#managed = undefined;
    if (managed.length === 0) return;
    const group = new CalmGroup();
    for (const each of managed) {
      const calm = calmOf(each, present.of(each.plan.side), params);
      if (calm === undefined || !group.add(each.plan.side, calm)) return;
    }
    this.#managed = managed;
    this.#group = group;
  }
}
