import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';

/** Result of a login: the password was right or wrong, the browser gave up, or too many others wait. */
export type LoginOutcome = 'RIGHT' | 'WRONG' | 'GONE' | 'CROWDED';

/**
 * Checks the passwords of each lane one after the other. A wrong one blocks the lane for a growing time, so guessing is slow,
 * but wrong guesses never lock out the right password. A lane is a client address, or a browser that has logged in before.
 */
export interface LoginQueue {
  /** Calls `isRight` at this attempt's turn. `gone` aborts when the browser no longer waits. */
  attempt(lane: string, isRight: () => Promise<boolean>, gone: AbortSignal): Promise<LoginOutcome>;
}

/** The pause after a wrong guess. */
export const WRONG_GUESS_BACKOFF: Backoff = { baseMs: 250, maxMs: 2_000 };
/** After this long without a wrong guess a lane starts with the first pause again. */
const FORGET_MS = 15 * 60_000;
const MAX_WAITING = 200;
const MAX_LANES = 1_000;

interface Attempt {
  readonly isRight: () => Promise<boolean>;
  readonly settle: (outcome: LoginOutcome) => void;
  readonly fail: (error: unknown) => void;
}

interface Lane {
  readonly waiting: Attempt[];
  turn: number;
  wrong: number;
  wrongMs: number;
  isServing: boolean;
}

export interface LoginQueueOptions {
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** Uniform in 0..1. */
  readonly rng: () => number;
}

export function createLoginQueue({ nowMs, wait, rng }: LoginQueueOptions): LoginQueue {
  const lanes = new Map<string, Lane>();

  function laneOf(name: string): Lane {
    for (const [other, { isServing, wrongMs }] of lanes) {
      const isOld = nowMs() - wrongMs >= FORGET_MS;
      if (!isServing && (isOld || lanes.size >= MAX_LANES)) lanes.delete(other);
    }
    const lane = lanes.get(name) ?? { waiting: [], turn: 0, wrong: 0, wrongMs: nowMs(), isServing: false };
    lanes.set(name, lane);
    return lane;
  }

  const takeAny = ({ waiting }: Lane) => waiting.splice(Math.floor(rng() * waiting.length), 1)[0];

  /** Takes the newest attempt and a random one in turn, so that neither old nor new guesses can block a login. */
  function take(lane: Lane): Attempt | undefined {
    lane.turn += 1;
    return lane.turn % 2 === 1 ? lane.waiting.pop() : takeAny(lane);
  }

  async function serve(lane: Lane): Promise<void> {
    lane.isServing = true;
    for (let next = take(lane); next !== undefined; next = take(lane)) await serveOne(lane, next);
    lane.isServing = false;
  }

  async function serveOne(lane: Lane, { isRight, settle, fail }: Attempt): Promise<void> {
    try {
      if (await isRight()) return settle('RIGHT');
      const pauseMs = backoffMs(WRONG_GUESS_BACKOFF, lane.wrong);
      lane.wrong += 1;
      lane.wrongMs = nowMs();
      // Answer after the pause, so that the guesser cannot continue on another connection meanwhile.
      await wait(pauseMs);
      settle('WRONG');
    } catch (error) {
      fail(error);
    }
  }

  return {
    attempt(name, isRight, gone) {
      const lane = laneOf(name);
      return new Promise((settle, fail) => {
        const attempt = { isRight, settle, fail };
        lane.waiting.push(attempt);
        if (lane.waiting.length > MAX_WAITING) takeAny(lane)?.settle('CROWDED');
        gone.addEventListener('abort', () => {
          const place = lane.waiting.indexOf(attempt);
          if (place >= 0) lane.waiting.splice(place, 1);
          settle('GONE');
        });
        if (!lane.isServing) void serve(lane);
      });
    },
  };
}
