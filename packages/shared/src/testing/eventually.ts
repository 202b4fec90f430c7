/** The first polls come at once; a wait of seconds polls less often, because each poll slows what it waits for. */
const FIRST_POLL_MS = 5;
const MAX_POLL_MS = 25;
const SLOWER_EACH_POLL = 1.1;

/** Resolves with the first truthy answer of `probe`; rejects with `what` after `withinMs`. */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  withinMs = 10_000,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + withinMs;
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * SLOWER_EACH_POLL, MAX_POLL_MS)) {
    const answer = await probe();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise<void>((resolve) => setTimeout(resolve, pollMs));
  }
}
