import { describe, expect, it } from 'vitest';
import { oracleCompound } from '../test/oracle-vader.ts';
import { hasLabelled, type LabelledText, readLabelled } from '../test/reddit-data.ts';
import { cleanText } from './clean-text.ts';
import { createCryptoLexicon } from './crypto/crypto-lexicon.ts';
import { readVaderLexicon } from './read-vader-lexicon.ts';
import { createSentimentScorer } from './sentiment-scorer.ts';

type Guess = LabelledText['label'] | 'Neutral';

/** Share of right signs, mean F1 of both labels, and a table of guesses by label. A neutral score counts as wrong. */
function judge(rows: readonly LabelledText[], score: (text: string) => number) {
  const table: Record<string, number> = {};
  for (const { text, label } of rows) {
    const compound = score(text);
    const guess: Guess = compound > 0 ? 'Positive' : compound < 0 ? 'Negative' : 'Neutral';
    table[`${label} → ${guess}`] = (table[`${label} → ${guess}`] ?? 0) + 1;
  }
  const count = (label: string, guess: Guess): number => table[`${label} → ${guess}`] ?? 0;
  const f1 = (label: LabelledText['label'], other: LabelledText['label']): number => {
    const missed = count(label, other) + count(label, 'Neutral');
    return (2 * count(label, label)) / (2 * count(label, label) + count(other, label) + missed);
  };
  const right = count('Positive', 'Positive') + count('Negative', 'Negative');
  return {
    accuracy: right / rows.length,
    macroF1: (f1('Positive', 'Negative') + f1('Negative', 'Positive')) / 2,
    table,
  };
}

describe.skipIf(!hasLabelled)('accuracy on comments with human labels', () => {
  const rows = hasLabelled ? readLabelled() : [];
  const score = createSentimentScorer(readVaderLexicon(), createCryptoLexicon());
  const ours = (text: string): number => score(cleanText(text)).compound;
  const heldOut = rows.filter(({ half }) => half === 'held out');

  it('reads every row', () => {
    expect(rows).toHaveLength(306);
    expect(heldOut).toHaveLength(154);
  });

  it.each([
    ['the held-out half', heldOut],
    ['the half used for tuning', rows.filter(({ half }) => half === 'tuning')],
  ])('beats plain VADER by 15 points on %s', (name, some) => {
    const [mine, plain] = [judge(some, ours), judge(some, oracleCompound)];
    console.log(name, { ours: mine, 'vader-sentiment': plain });
    expect(mine.accuracy - plain.accuracy).toBeGreaterThanOrEqual(0.15);
    expect(mine.macroF1 - plain.macroF1).toBeGreaterThanOrEqual(0.1);
  });
});
