/**
 * Market time between two documents. It advances with this machine's clock, of which only differences count. In a replay it
 * is the time of the newest frame.
 */
export function createMarketClock() {
  let ts = 0;
  let observedMs = 0;
  return {
    /** Sets the market time of a document received at `wallMs` of this machine. */
    observe(clockTs, wallMs) {
      ts = clockTs;
      observedMs = wallMs;
    },
    now: (wallMs, isReplay) => (isReplay ? ts : ts + Math.max(0, wallMs - observedMs)),
  };
}
