import { type ChildProcess, spawn } from 'node:child_process';
import { HOPELESS_EXIT_CODE, type SupervisedService } from '@helios/shared/domain/supervision.ts';
import { createLineSplitter } from './line-splitter.ts';
import { type RestartDelay, recentCrashes, restartDelayMs } from './restart-policy.ts';

export type ChildState = SupervisedService['state'];

/** What to run, and the handlers for its output and state changes. */
export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Text for its standard input, which is closed afterwards. */
  readonly input?: string;
  /** Opens an IPC channel. It closes when this process dies, so the child notices. A foreign program gets none. */
  readonly channel: boolean;
  /** Always restart it, even after an exit code that looks hopeless. */
  readonly neverGivenUp?: boolean;
  /** The wait before a restart; default: longer with each crash within a minute. */
  readonly restartDelayMs?: RestartDelay | undefined;
  /** Awaited before each restart; resolves when a start makes sense. */
  readonly beforeRestart?: () => Promise<void>;
  readonly onLine: (line: string, from: 'stdout' | 'stderr') => void;
  /** Called after each change; `delayMs` is the wait before a restart. */
  readonly onChange: (child: Child, delayMs?: number) => void;
  readonly now: () => number;
}

/** A process that restarts until it is stopped. */
export interface Child {
  readonly name: string;
  readonly state: ChildState;
  readonly pid: number | undefined;
  readonly restarts: number;
  /** How it last ended: `exit 1`, `SIGKILL`, `not started: ENOENT`. */
  readonly lastEnd: string | undefined;
  readonly changedTs: number;
  start(): void;
  /** Marks the process as up: it sent a heartbeat, or its port answers. */
  markRunning(): void;
  /**
   * Ends a process that hangs; it restarts as after a crash. `graceMs` is the time between SIGTERM and SIGKILL; 0 sends SIGKILL
   * at once.
   */
  endHung(why: string, graceMs: number): void;
  /** Sends SIGTERM, and SIGKILL after `withinMs`. Resolves when the process is gone. */
  stop(withinMs: number): Promise<void>;
}

/** Makes a child; nothing runs before `start`. It gets its own process group, so that Ctrl-C reaches the supervisor only. */
export function createChild(options: ChildOptions): Child {
  let state: ChildState = 'STOPPED';
  let running: ChildProcess | undefined;
  let crashesMs: number[] = [];
  let restarts = 0;
  let lastEnd: string | undefined;
  let changedTs = options.now();
  let timer: NodeJS.Timeout | undefined;
  let hung: { readonly why: string; readonly timer: NodeJS.Timeout } | undefined;
  let stopping = false;
  let whenGone: (() => void) | undefined;

  function change(next: ChildState, delayMs?: number): void {
    state = next;
    changedTs = options.now();
    options.onChange(child, delayMs);
  }

  function launch(): void {
    if (stopping) return;
    const spawned = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', ...(options.channel ? (['ipc'] as const) : [])],
    });
    running = spawned;
    let ended = false;
    const onEnd = (how: string, code: number | null) => {
      if (ended) return;
      ended = true;
      running = undefined;
      onEnded(how, code);
    };
    for (const from of ['stdout', 'stderr'] as const) {
      const lines = createLineSplitter((line) => options.onLine(line, from));
      spawned[from]?.setEncoding('utf8').on('data', lines.push).on('end', lines.end);
    }
    // A child may end before it has read its input.
    spawned.stdin?.on('error', () => {});
    spawned.stdin?.end(options.input ?? '');
    spawned.on('error', (error: NodeJS.ErrnoException) => {
      if (spawned.pid === undefined) onEnd(`not started: ${error.code ?? error.message}`, null);
    });
    spawned.on('exit', (code, signal) => onEnd(signal ?? `exit ${code}`, code));
    if (spawned.pid !== undefined) change('STARTING');
  }

  function onEnded(how: string, code: number | null): void {
    const hopeless = code === HOPELESS_EXIT_CODE;
    clearTimeout(hung?.timer);
    lastEnd = hopeless ? `${how}: its settings or files are wrong` : hung ? `${hung.why}: ${how}` : how;
    hung = undefined;
    if (stopping) {
      change('STOPPED');
      whenGone?.();
      return;
    }
    if (hopeless && options.neverGivenUp !== true) {
      change('GIVEN_UP');
      return;
    }
    const now = options.now();
    crashesMs = [...recentCrashes(crashesMs, now), now];
    const delayMs = (options.restartDelayMs ?? restartDelayMs)(crashesMs, now);
    change('RESTARTING', delayMs);
    timer = setTimeout(() => void restart(), delayMs);
  }

  async function restart(): Promise<void> {
    await options.beforeRestart?.();
    if (stopping) return;
    restarts += 1;
    launch();
  }

  function endHung(why: string, graceMs: number): void {
    const process = running;
    if (process === undefined || hung !== undefined || stopping) return;
    if (graceMs > 0) process.kill('SIGTERM');
    // The timer kills it if it ignores SIGTERM.
    hung = { why, timer: setTimeout(() => process.kill('SIGKILL'), graceMs) };
  }

  async function stop(withinMs: number): Promise<void> {
    stopping = true;
    clearTimeout(timer);
    const process = running;
    if (process === undefined) {
      if (state !== 'STOPPED') change('STOPPED');
      return;
    }
    await new Promise<void>((resolve) => {
      const force = setTimeout(() => process.kill('SIGKILL'), withinMs);
      whenGone = () => {
        clearTimeout(force);
        resolve();
      };
      process.kill('SIGTERM');
    });
  }

  const child: Child = {
    name: options.name,
    get state() {
      return state;
    },
    get pid() {
      return running?.pid;
    },
    get restarts() {
      return restarts;
    },
    get lastEnd() {
      return lastEnd;
    },
    get changedTs() {
      return changedTs;
    },
    start: launch,
    markRunning() {
      if (state === 'STARTING') change('RUNNING');
    },
    endHung,
    stop,
  };
  return child;
}
