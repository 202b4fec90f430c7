import { createRequire } from 'node:module';

interface Oracle {
  SentimentIntensityAnalyzer: { polarity_scores(text: string): { compound: number } };
}

const { SentimentIntensityAnalyzer } = createRequire(import.meta.url)('vader-sentiment') as Oracle;

/**
 * The compound score, to four decimals, that the package `vader-sentiment` gives a text.
 * The package scores some texts −0 ("Yeah good :( no"). This function returns 0 for them.
 */
export function oracleCompound(text: string): number {
  return SentimentIntensityAnalyzer.polarity_scores(text).compound + 0;
}
