/** Runs pieces of work one after the other, in the order in which they were handed over. A failed one stops none behind it. */
export type SerialQueue = <T>(work: () => T | Promise<T>) => Promise<T>;

export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
}
