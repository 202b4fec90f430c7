const POLL_MS = 5;

/** Resolves with the first truthy answer of `probe`; rejects with `what` after `withinMs`. */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  withinMs = 10_000,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await probe();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise<void>((resolve) => setTimeout(resolve, POLL_MS));
  }
}
