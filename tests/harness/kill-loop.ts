import type { Chance } from '@helios/market-data/generator/chance.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import type { FleetMember } from './crew-watch.ts';
import type { TestFleet } from './fleet.ts';
import { recordedSignals } from './ledger-reader.ts';

/** Signals that must be recorded after a member is back before the next is killed. */
const PROGRESS = 10;
const PROGRESS_MS = 30_000;

/** Kills members of a fleet under load, and remembers whom and when. */
export class KillLoop {
  readonly #fleet: TestFleet;
  readonly #chance: Chance;
  readonly #kills: { readonly member: FleetMember; readonly atMs: number }[] = [];

  constructor(fleet: TestFleet, chance: Chance) {
    this.#fleet = fleet;
    this.#chance = chance;
  }

  get total(): number {
    return this.#kills.length;
  }

  /** When a member was killed, epoch ms. */
  timesOf(member: FleetMember): readonly number[] {
    return this.#kills.filter((kill) => kill.member === member).map(({ atMs }) => atMs);
  }

  /** Kills each member once a round, in random order. In every second round the next dies while those before still start. */
  async rounds(count: number, members: readonly FleetMember[]): Promise<void> {
    for (let round = 0; round < count; round += 1) {
      const hurried = round % 2 === 1;
      for (const member of this.#shuffled(members)) {
        await this.kill(member);
        if (!hurried) await this.#untilWorking(member);
      }
      for (const member of members) await this.#untilWorking(member);
    }
  }

  async kill(member: FleetMember): Promise<void> {
    await this.#fleet.kill(member);
    this.#kills.push({ member, atMs: Date.now() });
  }

  /** It is up, and signals are recorded. */
  async #untilWorking(member: FleetMember): Promise<void> {
    await this.#fleet.up(member);
    const before = recordedSignals(this.#fleet.dataDir);
    await eventually(
      `signals are recorded after ${member} was killed`,
      () => recordedSignals(this.#fleet.dataDir) >= before + PROGRESS,
      PROGRESS_MS,
    );
  }

  #shuffled(members: readonly FleetMember[]): FleetMember[] {
    return members
      .map((member) => ({ member, place: this.#chance.uniform() }))
      .sort((a, b) => a.place - b.place)
      .map(({ member }) => member);
  }
}
