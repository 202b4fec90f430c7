/** Approximates the maximum sum of a text (Hutto & Gilbert 2014). */
const ALPHA = 15;
const PER_EXCLAMATION = 0.292;
const PER_QUESTION = 0.18;
const MANY_QUESTIONS = 0.96;

/** A text's score, −1..1: s/√(s² + 15) of the sum s of its valences. Emphasis marks move s away from zero. */
export function compoundOf(valences: readonly number[], text: string): number {
  const plain = valences.reduce((sum, valence) => sum + valence, 0);
  const sum = plain + Math.sign(plain) * emphasisOf(text);
  return sum / Math.sqrt(sum * sum + ALPHA);
}

/** Counts up to four exclamation marks, and question marks if there are several. */
function emphasisOf(text: string): number {
  const exclamations = Math.min(count(text, '!'), 4);
  const questions = count(text, '?');
  const asking = questions > 3 ? MANY_QUESTIONS : questions > 1 ? questions * PER_QUESTION : 0;
  return exclamations * PER_EXCLAMATION + asking;
}

function count(text: string, mark: string): number {
  let found = 0;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) found += 1;
  return found;
}
