import type { ServiceName } from '@helios/shared/domain/fleet.ts';

/** A process of the supervisor. */
export type FleetPart = ServiceName | 'redis';

const CHANGE = /^ {2}([a-z-]+) +(STARTING|RUNNING|STANDBY|CRASHED|STOPPED)(?: +process (\d+))?/;
const PRIVATE_REDIS = /^Redis: a private one on .*, process (\d+),/;

/** Reads from the supervisor's output the process of each member, and whether it is up. */
export class ProcessWatch {
  readonly #pids = new Map<string, number>();
  readonly #up = new Map<string, number>();
  readonly #everyPid = new Set<number>();
  #rest = '';

  /** Adds output of the supervisor. */
  hear(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#hearLine(line);
  }

  /** The process of a running member that was not forgotten. */
  runningPid(member: FleetPart): number | undefined {
    return this.#up.get(member);
  }

  /** Marks this process as about to be killed: it does not count as up any more. */
  forget(member: FleetPart, pid: number): void {
    if (this.#up.get(member) === pid) this.#up.delete(member);
  }

  get everyPid(): readonly number[] {
    return [...this.#everyPid];
  }

  #hearLine(line: string): void {
    const redis = PRIVATE_REDIS.exec(line);
    if (redis) {
      this.#starts('redis', Number(redis[1]));
      this.#runs('redis');
      return;
    }
    const [, member, state, pid] = CHANGE.exec(line) ?? [];
    if (member === undefined) return;
    if (state === 'STARTING') this.#starts(member, Number(pid));
    else if (state === 'RUNNING' || state === 'STANDBY') this.#runs(member);
    else this.#up.delete(member);
  }

  #starts(member: string, pid: number): void {
    this.#pids.set(member, pid);
    this.#everyPid.add(pid);
    this.#up.delete(member);
  }

  #runs(member: string): void {
    const pid = this.#pids.get(member);
    if (pid !== undefined) this.#up.set(member, pid);
  }
}
