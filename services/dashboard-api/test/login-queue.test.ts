import { expect, test } from 'vitest';
import { createLoginQueue, type LoginOutcome, WRONG_GUESS_BACKOFF } from '../src/auth/login-queue.ts';

const wrong = async () => false;
const right = async () => true;
const stays = new AbortController().signal;

/** A queue whose pauses end when the test says so. */
function aQueue(rng: () => number = () => 0) {
  let now = 0;
  const pauses: { ms: number; end: () => void }[] = [];
  const wait = (ms: number) => new Promise<void>((end) => pauses.push({ ms, end }));
  const queue = createLoginQueue({ nowMs: () => now, wait, rng });
  async function settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }
  async function endPause(): Promise<number | undefined> {
    await settle();
    const pause = pauses.shift();
    pause?.end();
    await settle();
    return pause?.ms;
  }
  const advance = (ms: number) => {
    now += ms;
  };
  return { queue, endPause, settle, advance, pauses };
}

test('a wrong guess causes a wait that doubles up to two seconds, and is answered only then', async () => {
  const { queue, endPause, settle } = aQueue();
  const pauses: (number | undefined)[] = [];
  for (let i = 0; i < 5; i += 1) {
    let outcome: LoginOutcome | undefined;
    void queue.attempt('a', wrong, stays).then((it) => {
      outcome = it;
    });
    await settle();
    expect(outcome).toBeUndefined();
    pauses.push(await endPause());
    expect(outcome).toBe('WRONG');
  }
  expect(WRONG_GUESS_BACKOFF).toEqual({ baseMs: 250, maxMs: 2_000 });
  expect(pauses).toEqual([250, 500, 1_000, 2_000, 2_000]);
});

test('simultaneous guesses are tried one after the other, and the right password is accepted', async () => {
  const { queue, endPause } = aQueue();
  let tried = 0;
  const guess = async () => {
    tried += 1;
    return false;
  };
  const outcomes: LoginOutcome[] = [];
  const note = (outcome: LoginOutcome) => void outcomes.push(outcome);
  for (let i = 0; i < 3; i += 1) void queue.attempt('a', guess, stays).then(note);
  void queue.attempt('a', right, stays).then(note);
  for (let i = 1; i <= 3; i += 1) {
    await endPause();
    expect(tried).toBe(Math.min(i + 1, 3));
  }
  await endPause();
  expect(outcomes.toSorted()).toEqual(['RIGHT', 'WRONG', 'WRONG', 'WRONG']);
});

test('another lane does not wait', async () => {
  const { queue, settle } = aQueue();
  const outcomes: string[] = [];
  for (let i = 0; i < 4; i += 1) void queue.attempt('a', wrong, stays).then((it) => void outcomes.push(`a ${it}`));
  void queue.attempt('b', right, stays).then((it) => void outcomes.push(`b ${it}`));
  await settle();
  expect(outcomes).toEqual(['b RIGHT']);
});

test('turns alternate between the newest and a random attempt', async () => {
  const { queue, endPause } = aQueue(() => 0);
  const tried: number[] = [];
  for (let i = 1; i <= 5; i += 1) {
    const guess = async () => {
      tried.push(i);
      return false;
    };
    void queue.attempt('a', guess, stays);
  }
  for (let i = 0; i < 5; i += 1) await endPause();
  // The first attempt had its turn before the others came; with `rng` 0 the next is the one that has waited longest.
  expect(tried).toEqual([1, 2, 5, 3, 4]);
});

test('a guesser who does not wait for the answer takes no turn and learns nothing', async () => {
  const { queue, endPause } = aQueue();
  void queue.attempt('a', wrong, stays);
  let tried = false;
  const leaving = new AbortController();
  const guess = async () => {
    tried = true;
    return true;
  };
  const left = queue.attempt('a', guess, leaving.signal);
  leaving.abort();
  expect(await left).toBe('GONE');
  await endPause();
  expect(tried).toBe(false);
});

test('after fifteen quiet minutes a lane starts with the first pause again', async () => {
  const { queue, endPause, advance } = aQueue();
  void queue.attempt('a', wrong, stays);
  expect(await endPause()).toBe(250);
  advance(15 * 60_000);
  void queue.attempt('a', wrong, stays);
  expect(await endPause()).toBe(250);
});

test('a failing check fails only its own attempt', async () => {
  const { queue } = aQueue();
  const failing = queue.attempt('a', () => Promise.reject(new Error('the file is damaged')), stays);
  await expect(failing).rejects.toThrow('the file is damaged');
  expect(await queue.attempt('a', right, stays)).toBe('RIGHT');
});
