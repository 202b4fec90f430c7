import { setTimeout as pause } from 'node:timers/promises';
import type { Silence } from '@helios/exchange-simulator/audit/cover-gaps.ts';
import type { FleetPart } from '../rehearse/process-watch.ts';
import { type RehearsalFleet, until } from '../rehearse/rehearsal-fleet.ts';
import type { InjectedFault } from '../rehearse/rehearsal-report.ts';
import type { VenueControl } from '../rehearse/venue-control.ts';
import type { ChaosStep } from './chaos-plan.ts';

const LOOK_MS = 50;
/** A member that dies twice may restart with a delay; after this time a step gives it up. */
const UP_WITHIN_MS = 20_000;
const BACK_WITHIN_MS = 60_000;
/** Only this service protects positions. */
const PROTECTOR: FleetPart = 'execution-manager';

type Signalled = Extract<ChaosStep, { kind: 'KILL' | 'STOP' }>;
type Fault = Extract<ChaosStep, { kind: 'FAULT' }>;

/** Carries a plan of chaos out on a fleet and its exchange, and keeps the times. */
export class ChaosCourse {
  readonly #venue: VenueControl;
  readonly #fleet: RehearsalFleet;
  readonly #isGivenUp: () => boolean;
  readonly #active = new Set<Fault>();
  readonly #done: InjectedFault[] = [];
  readonly #silences: Silence[] = [];
  readonly #beganTs = Date.now();

  /** @param isGivenUp true if the steps must end early */
  constructor(venue: VenueControl, fleet: RehearsalFleet, isGivenUp: () => boolean) {
    this.#venue = venue;
    this.#fleet = fleet;
    this.#isGivenUp = isGivenUp;
  }

  get done(): readonly InjectedFault[] {
    return this.#done.toSorted((a, b) => a.fromTs - b.fromTs);
  }

  /** Times from a kill or SIGSTOP of execution-manager until it runs again. */
  get silences(): readonly Silence[] {
    return this.#silences;
  }

  /** Runs each step at its time; resolves when the time is over, all is healed, and every process that died is up again. */
  async run(plan: readonly ChaosStep[], durationMs: number): Promise<void> {
    const steps: Promise<void>[] = [];
    for (const step of plan) {
      await this.#pass(this.#beganTs + step.atMs);
      if (this.#isGivenUp()) break;
      steps.push(step.kind === 'FAULT' ? this.#inject(step) : this.#signal(step));
    }
    await Promise.all(steps);
    await this.#pass(this.#beganTs + durationMs);
    await this.#venue.setFaults([]);
  }

  async #inject(step: Fault): Promise<void> {
    this.#say(step.what);
    const fromTs = Date.now();
    this.#active.add(step);
    await this.#applyFaults();
    if (step.action !== undefined) await this.#venue.act(step.action);
    await this.#pass(fromTs + step.forMs);
    this.#active.delete(step);
    await this.#applyFaults();
    this.#end(step, fromTs);
    this.#say(`over: ${step.what}`);
  }

  /** The exchange takes the whole list, so a fault that happens once happens again with each change beside it. */
  #applyFaults(): Promise<void> {
    return this.#venue.setFaults([...this.#active].flatMap(({ faults }) => faults));
  }

  async #signal(step: Signalled): Promise<void> {
    const { member, what } = step;
    const isUp = await until(
      () => this.#pid(member) !== undefined,
      UP_WITHIN_MS,
      () => this.#isGivenUp(),
    );
    const pid = this.#pid(member);
    if (!isUp || pid === undefined) return this.#say(`skipped, ${member} does not run: ${what}`);
    this.#say(`${what}, process ${pid}`);
    const fromTs = Date.now();
    if (step.kind === 'KILL') await this.#kill(member, pid);
    else await this.#halt(member, pid, fromTs + step.forMs);
    if (member === PROTECTOR) this.#silences.push({ fromTs, toTs: Date.now() });
    this.#end(step, fromTs);
  }

  async #kill(member: FleetPart, pid: number): Promise<void> {
    this.#fleet.members.forget(member, pid);
    send(pid, 'SIGKILL');
    const fromMs = performance.now();
    while (this.#pid(member) === undefined && !this.#fleet.hasEnded) {
      if (performance.now() - fromMs > BACK_WITHIN_MS) return this.#say(`${member} is not back`);
      await pause(LOOK_MS);
    }
    this.#say(`${member} runs again after ${((performance.now() - fromMs) / 1_000).toFixed(1)} s`);
  }

  /** Ends early if another step kills the same process. */
  async #halt(member: FleetPart, pid: number, untilTs: number): Promise<void> {
    send(pid, 'SIGSTOP');
    while (Date.now() < untilTs && this.#pid(member) === pid && !this.#isGivenUp()) await pause(LOOK_MS);
    if (this.#pid(member) !== pid) return;
    send(pid, 'SIGCONT');
    this.#say(`SIGCONT of ${member}`);
  }

  #pid(member: FleetPart): number | undefined {
    return this.#fleet.members.runningPid(member);
  }

  #end({ what, ...step }: ChaosStep, fromTs: number): void {
    const isSilent = step.kind === 'FAULT' && step.isSilent === true;
    this.#done.push({ what, isSilent, fromTs, toTs: Date.now() });
  }

  async #pass(untilTs: number): Promise<void> {
    while (Date.now() < untilTs && !this.#isGivenUp()) await pause(LOOK_MS);
  }

  #say(text: string): void {
    console.log(`▶ ${((Date.now() - this.#beganTs) / 1_000).toFixed(1).padStart(6)} s  ${text}`);
  }
}

function send(pid: number, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It has ended meanwhile: the supervisor says so.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
