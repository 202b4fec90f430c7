/** Sees how far a long run is. */
export interface RunProgress {
  /** Begins a phase, which is nowhere yet. */
  begin(what: string): void;
  /** Share of the phase that is done, 0..1. Call it as often as you like. */
  at(share: number): void;
}

/** Where the line is shown: a terminal overwrites it, anything else gets one line after the other. */
interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const TERMINAL_EVERY_MS = 1_000;
const OTHERS_EVERY_MS = 30_000;
/** Carriage return, then erase to the end of the line. */
const CLEAR = '\r\u001B[K';

/** Shows how far a run is, with the time left: on a terminal each second, elsewhere each 30 seconds. A short run shows nothing. */
export class ProgressLine implements RunProgress {
  readonly #output: Output;
  readonly #now: () => number;
  readonly #everyMs: number;
  #what = 'Starting';
  #share = 0;
  #beganMs: number;
  #shownMs: number;
  #isShown = false;

  /** `now`: a clock in ms. */
  constructor(output: Output, now: () => number) {
    this.#output = output;
    this.#now = now;
    this.#everyMs = output.isTTY === true ? TERMINAL_EVERY_MS : OTHERS_EVERY_MS;
    this.#beganMs = now();
    this.#shownMs = this.#beganMs;
  }

  begin(what: string): void {
    this.#what = what;
    this.#share = 0;
    this.#beganMs = this.#now();
  }

  at(share: number): void {
    this.#share = Math.min(1, Math.max(this.#share, share));
    const nowMs = this.#now();
    if (nowMs - this.#shownMs < this.#everyMs) return;
    this.#shownMs = nowMs;
    const left = timeLeft(nowMs - this.#beganMs, this.#share);
    const text = `${this.text()}${left === undefined ? '' : `, ${left} left`}`;
    this.#output.write(this.#output.isTTY === true ? `${CLEAR}${text}` : `${text}\n`);
    this.#isShown = true;
  }

  /** What runs, and how much of it is done. */
  text(): string {
    return `${this.#what}: ${Math.floor(100 * this.#share)} %`;
  }

  /** Removes the line from a terminal, before anything else is printed. */
  clear(): void {
    if (this.#isShown && this.#output.isTTY === true) this.#output.write(CLEAR);
    this.#isShown = false;
  }
}

/** Time left if the rest goes on as fast; undefined at the beginning, when nobody can tell. */
function timeLeft(elapsedMs: number, share: number): string | undefined {
  if (share < 0.01) return undefined;
  const seconds = Math.ceil((elapsedMs * (1 - share)) / share / 1_000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}
