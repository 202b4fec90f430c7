import { Rng } from '@helios/synthetic-market/rng.ts';

/** Time from the decision to the venue. */
export interface LatencyModel {
  /** One sentence for the report. */
  readonly about: string;
  /** Delay of the order of a signal, ms; the same signal always has the same. */
  delayMs(signalId: string): number;
}

/** An order reaches the venue with the market of its decision, as in a lock-step replay. */
export const NO_LATENCY: LatencyModel = {
  about: 'Latency: none. An order fills on the book of its decision.',
  delayMs: () => 0,
};

/** Each order takes equally long. */
export function constantLatency(ms: number, what: string): LatencyModel {
  return ms === 0 ? NO_LATENCY : { about: `Latency: ${ms} ms ${what}.`, delayMs: () => ms };
}

/** Each order takes as long as one of `samples`, ms, chosen by the id of its signal and the seed. */
export function recordedLatency(samples: readonly number[], seed: string): LatencyModel {
  return {
    about: `Latency: drawn from ${samples.length} recorded delays.`,
    delayMs: (signalId) => samples[new Rng(`${seed}:${signalId}`).below(samples.length)] ?? 0,
  };
}

/** Exponential delays of this mean, ms: most orders are quick, a few are slow. */
export function jitteredLatency(meanMs: number, seed: string): LatencyModel {
  return {
    about: `Latency: exponential with a mean of ${meanMs} ms.`,
    delayMs: (signalId) => meanMs * new Rng(`${seed}:${signalId}`).exponential(),
  };
}

/** Both delays one after the other. The feed shows the market late, then the order travels. */
export function sumOfLatencies(feed: LatencyModel, order: LatencyModel): LatencyModel {
  if (feed === NO_LATENCY) return order;
  if (order === NO_LATENCY) return feed;
  return {
    about: `${feed.about} ${order.about}`,
    delayMs: (signalId) => feed.delayMs(signalId) + order.delayMs(signalId),
  };
}
