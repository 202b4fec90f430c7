import { Attributor } from '@helios/sentiment/attribution/attribute.ts';
import { createCryptoLexicon } from '@helios/sentiment/crypto/crypto-lexicon.ts';
import { readVaderLexicon } from '@helios/sentiment/read-vader-lexicon.ts';
import { createSentimentScorer } from '@helios/sentiment/sentiment-scorer.ts';
import { Damping } from '@helios/sentiment/state/damping.ts';
import { Intake, type RawItem } from '@helios/sentiment/state/intake.ts';
import { SentimentBook } from '@helios/sentiment/state/sentiment-book.ts';
import type { Sentiment } from '@helios/sentiment/state/sentiment-sum.ts';
import { MARKET, UsualTones } from '@helios/sentiment/state/usual-tones.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';

const CAPACITY = 10_000;

/** All sentiments at one time. */
export interface SentimentPoint {
  readonly ts: number;
  readonly market: Sentiment;
  readonly coins: ReadonlyMap<string, Sentiment>;
}

/** A sentiment book with its inputs, as in reddit-ingestor, with the default settings or another usual tone. */
export function createSentimentReplay(usualTone?: number | 'auto') {
  const { half_life_sec, min_items, usual_tone } = defaultSettings().reddit;
  const halfLifeMs = half_life_sec * 1_000;
  const attributor = new Attributor([]);
  const book = new SentimentBook({ halfLifeMs, minItems: min_items, capacity: CAPACITY });
  const tones = new UsualTones(usualTone ?? usual_tone);
  const intake = new Intake({
    score: createSentimentScorer(readVaderLexicon(), createCryptoLexicon()),
    damping: new Damping(halfLifeMs, CAPACITY),
    capacity: CAPACITY,
  });
  return {
    book,
    /** All sentiments at a time; call it in the order of time. */
    at(coins: readonly string[], nowMs: number): SentimentPoint {
      book.expire(nowMs);
      const { market, coins: own } = book.sentiments(coins, nowMs, (name) => tones.of(name, nowMs));
      for (const [name, each] of [[MARKET, market] as const, ...own]) tones.hear(name, each, nowMs);
      return { ts: nowMs, market, coins: own };
    },
    /** True if the item counts. */
    take(item: RawItem): boolean {
      const taken = intake.take(item, attributor);
      if (taken.kind === 'SCORED') book.add(taken.item);
      return taken.kind === 'SCORED';
    },
  };
}

/** Plays items in the order of their times. Returns the sentiment of these coins and of the market at every `stepMs`. */
export async function sentimentSeries(
  items: AsyncIterable<RawItem>,
  coins: readonly string[],
  stepMs: number,
  usualTone?: number | 'auto',
): Promise<SentimentPoint[]> {
  const { at, take } = createSentimentReplay(usualTone);
  const points: SentimentPoint[] = [];
  let due: number | undefined;
  for await (const item of items) {
    due ??= Math.ceil(item.createdTs / stepMs) * stepMs;
    for (; item.createdTs >= due; due += stepMs) {
      points.push(at(coins, due));
    }
    take(item);
  }
  return points;
}
