import { PAPER_MODELS, type QueueModel, type ShownChange } from '@helios/core/paper/venue-models.ts';

/** A model with one sentence about it for the report. */
export interface NamedModel<M> {
  readonly about: string;
  readonly model: M;
}

/** Only trades move an order forward. Stricter than hftbacktest's model of this name, which also caps the queue at what is visible. */
export const RISK_AVERSE: NamedModel<QueueModel> = {
  about: 'Queue: a resting order waits for all that was visible ahead of it; cancels ahead do not help it.',
  model: PAPER_MODELS.queue,
};

/** Nobody knows the queue of a made-up book: only a trade through the limit fills. */
export const UNKNOWN_QUEUE: NamedModel<QueueModel> = {
  about: 'Queue: unknown, because the book is made up. Only a trade through the limit fills a resting order.',
  model: { aheadOf: () => undefined },
};

/** A resting order is always first in its queue. No venue grants this. */
export const FRONT_OF_QUEUE: NamedModel<QueueModel> = {
  about: 'Queue: OPTIMISTIC. A resting order is always first in its queue; no venue grants this.',
  model: { aheadOf: () => 0 },
};

/** Cancels happen ahead and behind in proportion to the quantities there, raised to `exponent`; 1 is a proportional share. */
export function powerQueue(exponent: number): NamedModel<QueueModel> {
  return {
    about: `Queue: cancels ahead help a resting order, in proportion to quantities to the power of ${exponent}.`,
    model: probabilityQueue((quantity) => quantity ** exponent),
  };
}

/** Cancels happen ahead and behind in proportion to ln(1 + quantity). */
export const LOG_QUEUE: NamedModel<QueueModel> = {
  about: 'Queue: cancels ahead help a resting order, in proportion to logarithms of quantities.',
  model: probabilityQueue(Math.log1p),
};

/**
 * The probability queue models of hftbacktest (`PowerProbQueueFunc`, `LogProbQueueFunc`), after Rigtorp, “Estimating order queue
 * position” (2013). Of each decrease that trades do not explain, the share w(behind) / (w(behind) + w(ahead)) happens behind the
 * order, the rest ahead of it. Nothing is drawn by chance. New quantity joins behind.
 */
function probabilityQueue(weight: (quantity: number) => number): QueueModel {
  return {
    aheadOf: (shown) => shown,
    onBook(place, { before, now, traded }: ShownChange) {
      const { queueAhead, tradedAtLimit } = place;
      if (queueAhead === undefined) return;
      const ahead = queueAhead - tradedAtLimit;
      if (ahead <= 0) return;
      const left = Math.max(0, before - traded);
      const behind = Math.max(0, left - ahead);
      const cancelled = Math.max(0, left - now);
      const behindShare = behind === 0 ? 0 : weight(behind) / (weight(behind) + weight(ahead));
      // What cannot have been behind was ahead.
      const cancelledBehind = Math.min(behind, behindShare * cancelled);
      const newAhead = Math.min(now, Math.max(0, ahead - (cancelled - cancelledBehind)));
      place.queueAhead = tradedAtLimit + newAhead;
    },
  };
}
