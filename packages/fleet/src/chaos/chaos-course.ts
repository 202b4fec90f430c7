import { setTimeout as pause } from 'node:timers/promises';
import type { Silence } from '@helios/exchange-simulator/audit/cover-gaps.ts';
import type { FleetPart } from '../rehearse/process-watch.ts';
import { type RehearsalFleet, until } from '../rehearse/rehearsal-fleet.ts';
import type { InjectedFault } from '../rehearse/rehearsal-report.ts';
import { momentCame } from './ambush-moment.ts';
import type { ChaosLinks } from './chaos-links.ts';
import type { Ambush, ChaosStep, LinkName, SimpleStep } from './chaos-step.ts';
import type { VenueFaults } from './venue-faults.ts';

const LOOK_MS = 50;
/** A member that dies twice may restart with a delay; after this time a step gives it up. */
const UP_WITHIN_MS = 20_000;
const BACK_WITHIN_MS = 60_000;
/** Only this service protects positions. */
const PROTECTOR: FleetPart = 'execution-manager';
/** Keeps a fill and its stop apart for so long that an ambush can strike between the two. */
const SLOW_STOP = { fault: 'slow', ms: 700, path: '/fapi/v1/algoOrder', method: 'POST' } as const;

type Signalled = Extract<SimpleStep, { kind: 'KILL' | 'STOP' }>;
type Fault = Extract<SimpleStep, { kind: 'FAULT' }>;
type LinkStep = Extract<SimpleStep, { kind: 'LINK' }>;

/** A step that was done. */
export interface DoneStep extends InjectedFault {
  /** False if it hit nothing: no request, no connection, no process, no moment. */
  readonly isMet: boolean;
}

/** What chaos disturbs. */
export interface Disturbed {
  readonly venue: VenueFaults;
  readonly links: Pick<ChaosLinks, 'proxies'>;
  readonly fleet: Pick<RehearsalFleet, 'members' | 'hasEnded'>;
}

/** Carries a plan of chaos out on a fleet and its exchange, and keeps the times. */
export class ChaosCourse {
  readonly #disturbed: Disturbed;
  readonly #isGivenUp: () => boolean;
  readonly #done: DoneStep[] = [];
  readonly #silences: Silence[] = [];
  /** Links with a fault: an ambush may come upon a link that a random step has broken. */
  readonly #broken = new Set<LinkName>();
  readonly #beganTs = Date.now();

  /** @param isGivenUp true if the steps must end early */
  constructor(disturbed: Disturbed, isGivenUp: () => boolean) {
    this.#disturbed = disturbed;
    this.#isGivenUp = isGivenUp;
  }

  get done(): readonly DoneStep[] {
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
      steps.push(step.kind === 'AMBUSH' ? this.#ambush(step) : this.#do(step));
    }
    await Promise.all(steps);
    await this.#pass(this.#beganTs + durationMs);
  }

  async #do(step: SimpleStep): Promise<void> {
    const fromTs = Date.now();
    const isMet = await this.#disturb(step);
    const { what } = step;
    const isSilent = (step.kind === 'FAULT' || step.kind === 'LINK') && step.isSilent === true;
    this.#done.push({ what, isSilent, fromTs, toTs: Date.now(), isMet });
  }

  /** Resolves to whether the step hit anything. */
  #disturb(step: SimpleStep): Promise<boolean> {
    switch (step.kind) {
      case 'FAULT':
        return this.#inject(step);
      case 'LINK':
        return this.#break(step);
      default:
        return this.#signal(step);
    }
  }

  async #ambush({ what, moment, strikes, forMs }: Ambush): Promise<void> {
    const { venue } = this.#disturbed;
    const fromTs = Date.now();
    const slow = moment === 'ENTRY' ? await venue.begin([SLOW_STOP]) : undefined;
    const isOver = (): boolean => Date.now() > fromTs + forMs || this.#isGivenUp();
    const isMet = await momentCame(venue, moment, isOver);
    this.#say(isMet ? what : `no such moment: ${what}`);
    const struck = isMet ? strikes.map((strike) => this.#do(strike)) : [];
    const toTs = Date.now();
    await Promise.all(struck);
    if (slow !== undefined) await venue.end(slow);
    this.#done.push({ what, isSilent: false, fromTs, toTs, isMet });
  }

  async #inject({ what, faults, action, forMs }: Fault): Promise<boolean> {
    const { venue } = this.#disturbed;
    this.#say(what);
    const untilTs = Date.now() + forMs;
    const begun = await venue.begin(faults);
    const isTaken = action === undefined || (await venue.act(action));
    await this.#pass(untilTs);
    const met = await venue.end(begun);
    this.#say(`over: ${what}`);
    return isTaken && (faults.length === 0 || met > 0);
  }

  async #break({ what, link, fault, forMs }: LinkStep): Promise<boolean> {
    const proxy = this.#disturbed.links.proxies[link];
    if (this.#broken.has(link)) {
      this.#say(`skipped, another fault lasts there: ${what}`);
      return false;
    }
    this.#broken.add(link);
    this.#say(what);
    const untilTs = Date.now() + forMs;
    proxy.setFault(fault);
    await this.#pass(untilTs);
    const isMet = proxy.met > 0;
    proxy.setFault(undefined);
    this.#broken.delete(link);
    if (forMs > 0) this.#say(`over: ${what}`);
    return isMet;
  }

  async #signal(step: Signalled): Promise<boolean> {
    const { member, what } = step;
    const isUp = await until(
      () => this.#pid(member) !== undefined,
      UP_WITHIN_MS,
      () => this.#isGivenUp(),
    );
    const pid = this.#pid(member);
    if (!isUp || pid === undefined) {
      this.#say(`skipped, ${member} does not run: ${what}`);
      return false;
    }
    this.#say(`${what}, process ${pid}`);
    const fromTs = Date.now();
    if (step.kind === 'KILL') await this.#kill(member, pid);
    else await this.#halt(member, pid, fromTs + step.forMs);
    if (member === PROTECTOR) this.#silences.push({ fromTs, toTs: Date.now() });
    return true;
  }

  async #kill(member: FleetPart, pid: number): Promise<void> {
    const { fleet } = this.#disturbed;
    fleet.members.forget(member, pid);
    send(pid, 'SIGKILL');
    const fromMs = performance.now();
    while (this.#pid(member) === undefined && !fleet.hasEnded) {
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
    return this.#disturbed.fleet.members.runningPid(member);
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
