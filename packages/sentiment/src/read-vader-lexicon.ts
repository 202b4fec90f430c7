import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/**
 * The general VADER lexicon, word or emoticon → mean sentiment −4..4, from the file in the package `vader-sentiment`.
 * @throws Error if the package is missing, or its file has changed
 */
export function readVaderLexicon(): ReadonlyMap<string, number> {
  const file = createRequire(import.meta.url).resolve('vader-sentiment/vader_lexicon.txt');
  const lexicon = new Map<string, number>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [word, mean] = line.split('\t');
    const valence = Number(mean);
    if (word && mean && Number.isFinite(valence)) lexicon.set(word, valence);
  }
  if (lexicon.size < 7_000) {
    throw new Error(`${file} holds ${lexicon.size} words instead of about 7500. Install the dependencies again.`);
  }
  return lexicon;
}
