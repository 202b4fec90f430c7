import { ScoredItem } from '@helios/shared/domain/scored-item.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Attributor } from '../attribution/attribute.ts';
import { createCryptoLexicon } from '../crypto/crypto-lexicon.ts';
import { readVaderLexicon } from '../read-vader-lexicon.ts';
import { createSentimentScorer } from '../sentiment-scorer.ts';
import { Damping } from './damping.ts';
import { Intake, type RawItem } from './intake.ts';

const score = createSentimentScorer(readVaderLexicon(), createCryptoLexicon());
const attributor = new Attributor([]);
const anIntake = () => new Intake({ score, damping: new Damping(3_600_000, 100), capacity: 100 });
const anItem = (fields: Partial<RawItem> = {}): RawItem => ({
  id: 't3_a',
  thread: 't3_a',
  createdTs: 1_700_000_000_000,
  subreddit: 'CryptoCurrency',
  title: 'Solana is bullish',
  body: '',
  author: 'x',
  upvotes: 3,
  comments: 4,
  ...fields,
});

describe('Intake', () => {
  it('turns a post into a scored item without text and author', () => {
    const taken = anIntake().take(anItem(), attributor);
    expect(taken).toEqual({
      kind: 'SCORED',
      item: {
        item_id: 't3_a',
        thread: 't3_a',
        created_ts: 1_700_000_000_000,
        compound: Number(score('Solana is bullish').compound.toFixed(4)),
        relevance: { SOL: 1 },
        upvotes: 3,
        comments: 4,
        damping: 1,
      },
    });
  });

  it('gives a comment the coins of its post if it names none', () => {
    const intake = anIntake();
    intake.take(anItem(), attributor);
    const comment = { id: 't1_b', title: '', author: 'y' };
    expect(intake.take(anItem({ ...comment, body: 'to the moon' }), attributor)).toMatchObject({
      item: { relevance: { SOL: 0.5 } },
    });
    expect(intake.take(anItem({ ...comment, body: 'sold it for BTC' }), attributor)).toMatchObject({
      item: { relevance: { BTC: 0.7 } },
    });
  });

  it('says why an item does not count', () => {
    expect(anIntake().take(anItem({ title: '[deleted]' }), attributor)).toEqual({ kind: 'REFUSED', reason: 'DELETED' });
    expect(anIntake().take(anItem({ title: 'https://x.example' }), attributor).kind).toBe('REFUSED');
  });

  it('turns any text into a valid item or a refusal', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(text, text, (title, body) => {
        const taken = anIntake().take(anItem({ title, body }), attributor);
        if (taken.kind === 'SCORED') ScoredItem.parse(taken.item);
      }),
    );
  });

  it.each([
    '.'.repeat(5_000),
    '.)'.repeat(2_500),
    `${'!'.repeat(4_900)}a`,
    `.${'"'.repeat(4_900)}a`,
    'a'.repeat(5_000),
    'to '.repeat(1_600),
  ])('is fast for input that is designed to slow it down', (body) => {
    const began = performance.now();
    for (const text of [body, `x ${body} y`]) anIntake().take(anItem({ body: text }), attributor);
    for (const text of ['airdrop ', '✅ ', 'buy ', '🚀', '$a', '[', 'not not so this ']) {
      anIntake().take(anItem({ title: text.repeat(2_000), body: text.repeat(2_000) + body }), attributor);
    }
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});
