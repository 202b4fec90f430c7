import type { FleetPart } from '@helios/fleet/rehearse/process-watch.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import type { Rng } from '@helios/synthetic-market/rng.ts';
import type { TestFleet } from './fleet.ts';
import { recordedSignals } from './ledger-reader.ts';
import type { SignalLoad } from './signal-load.ts';

/** Number of signals that must be recorded after a member is back and before the next kill. */
const PROGRESS = 10;
const PROGRESS_MS = 30_000;
/** So many at once that decision-logger dies with some of them unacknowledged. */
const BURST = 100;

/** Kills members of a fleet under load, and records the times. */
export class KillLoop {
  readonly #fleet: TestFleet;
  readonly #load: SignalLoad;
  readonly #rng: Rng;
  readonly #kills: { readonly member: FleetPart; readonly atMs: number }[] = [];

  constructor(fleet: TestFleet, load: SignalLoad, rng: Rng) {
    this.#fleet = fleet;
    this.#load = load;
    this.#rng = rng;
  }

  get total(): number {
    return this.#kills.length;
  }

  /** Times of the kills of a member, epoch ms. */
  timesOf(member: FleetPart): readonly number[] {
    return this.#kills.filter((kill) => kill.member === member).map(({ atMs }) => atMs);
  }

  /** Kills each member once per round, in random order. In every second round the next dies while the earlier ones still start. */
  async rounds(count: number, members: readonly FleetPart[]): Promise<void> {
    for (let round = 0; round < count; round += 1) {
      const hurried = round % 2 === 1;
      for (const member of this.#shuffled(members)) {
        await this.kill(member);
        if (!hurried) await this.#untilWorking(member);
      }
      for (const member of members) await this.#untilWorking(member);
    }
  }

  /** Kills a running member; decision-logger and Redis during a burst. */
  async kill(member: FleetPart): Promise<void> {
    await this.#fleet.up(member);
    if (member === 'decision-logger') await this.#midBurst();
    else if (member === 'redis') void this.#load.burst(BURST);
    await this.#fleet.kill(member);
    this.#kills.push({ member, atMs: Date.now() });
  }

  async #midBurst(): Promise<void> {
    const before = this.#recorded();
    await this.#load.burst(BURST);
    await this.#recordedSince(before, this.#rng.below(BURST / 2), 'a burst');
  }

  /** The member runs, and signals are recorded. */
  async #untilWorking(member: FleetPart): Promise<void> {
    await this.#fleet.up(member);
    await this.#recordedSince(this.#recorded(), PROGRESS, `the kill of ${member}`);
  }

  #recordedSince(before: number, count: number, what: string): Promise<unknown> {
    const enough = () => this.#recorded() >= before + count;
    return eventually(`signals are recorded after ${what}`, enough, PROGRESS_MS).catch((error: Error) => {
      throw new Error(`${error.message}; the fleet’s last words:\n${this.#fleet.said.slice(-4_000)}`);
    });
  }

  #recorded(): number {
    return recordedSignals(this.#fleet.dataDir);
  }

  #shuffled(members: readonly FleetPart[]): FleetPart[] {
    return members
      .map((member) => ({ member, place: this.#rng.uniform() }))
      .sort((a, b) => a.place - b.place)
      .map(({ member }) => member);
  }
}
