/**
 * The market's time between two documents: it goes on as this machine's does (whose clock may be set otherwise, so that
 * only differences count). In a replay it is that of the newest frame, and stands still until the next one.
 */
export function createMarketClock() {
  let ts = 0;
  let observedMs = 0;
  return {
    /** Takes over a document's time, at `wallMs` of this machine. */
    observe(clockTs, wallMs) {
      ts = clockTs;
      observedMs = wallMs;
    },
    now: (wallMs, isReplay) => (isReplay ? ts : ts + Math.max(0, wallMs - observedMs)),
  };
}
