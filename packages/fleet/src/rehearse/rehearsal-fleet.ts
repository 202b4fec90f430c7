import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { ProcessWatch } from './process-watch.ts';

const READY_WITHIN_MS = 120_000;
const START_WITHIN_MS = 120_000;
const REQUEST_TIMEOUT_MS = 5_000;

/** A process that the supervisor lost although nobody killed it. */
const OWN_DEATH = /^ {2}[a-z-]+ +(?:CRASHED +(?!SIGKILL|\s)|STOPPED)/;

/** The fleet of a rehearsal, as `npm start` runs it, in a process of its own. */
export class RehearsalFleet {
  readonly #supervisor: ChildProcess;
  readonly #site: string;
  readonly members = new ProcessWatch();
  readonly #ownDeaths: string[] = [];
  #isUp = false;
  #isEnding = false;

  /** @param show gets each line of the fleet's output */
  constructor(root: string, env: NodeJS.ProcessEnv, dashboardPort: number, show: (line: string) => void) {
    this.#site = `http://127.0.0.1:${dashboardPort}`;
    this.#supervisor = spawn(process.execPath, [join(root, 'packages/fleet/src/start.ts')], {
      cwd: root,
      env,
      // Of its own process group: Ctrl-C ends the rehearsal, which then ends the fleet in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#supervisor.stdout, this.#supervisor.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.#isUp ||= line.includes('services are running');
        this.members.hear(`${line}\n`);
        if (!this.#isEnding && OWN_DEATH.test(line)) this.#ownDeaths.push(line.trim());
        show(line);
      });
    }
  }

  get hasEnded(): boolean {
    return this.#supervisor.exitCode !== null || this.#supervisor.signalCode !== null;
  }

  /** What the supervisor said about processes that died although nobody killed them. */
  get ownDeaths(): readonly string[] {
    return this.#ownDeaths;
  }

  /** Resolves to true when every service runs. */
  async ready(stop: AbortSignal): Promise<boolean> {
    return until(
      () => this.#isUp,
      READY_WITHIN_MS,
      () => stop.aborted || this.hasEnded,
    );
  }

  /** Presses Start until it is not refused. Resolves to the last refusal, or undefined. */
  async pressStart(stop: AbortSignal): Promise<string | undefined> {
    let refusal: string | undefined = 'the page does not answer';
    const isStarted = async (): Promise<boolean> => {
      refusal = await this.press('start');
      return refusal === undefined;
    };
    await until(isStarted, START_WITHIN_MS, () => stop.aborted || this.hasEnded);
    return refusal;
  }

  /** Presses a button of the page. Resolves to why it was refused, or undefined. */
  async press(action: 'start' | 'flatten'): Promise<string | undefined> {
    try {
      const answer = await fetch(`${this.#site}/api/control`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ action }),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      return answer.ok ? undefined : await answer.text();
    } catch (error) {
      return String(error);
    }
  }

  /** An answer of the page's API; undefined if it does not answer. */
  async read(path: string): Promise<unknown> {
    try {
      const answer = await fetch(this.#site + path, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
      return answer.ok ? await answer.json() : undefined;
    } catch {
      // The page is down or hangs: there is no answer.
      return undefined;
    }
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    if (this.hasEnded) return;
    this.#supervisor.kill('SIGTERM');
    await once(this.#supervisor, 'close');
  }
}

/** Looks four times a second until it is so; false if the time is over or the wait is given up. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  withinMs: number,
  isGivenUp: () => boolean,
): Promise<boolean> {
  const endMs = performance.now() + withinMs;
  while (performance.now() < endMs && !isGivenUp()) {
    if (await isSo()) return true;
    await pause(250);
  }
  return false;
}
