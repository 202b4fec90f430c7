import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/**
 * The general VADER lexicon, word or emoticon → mean sentiment −4..4, from the file that the package `vader-sentiment` carries.
 * @throws Error where the package is not installed or its file is not what it was
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
    throw new Error(`${file} holds ${lexicon.size} words instead of some 7500; install the dependencies anew.`);
  }
  return lexicon;
}
