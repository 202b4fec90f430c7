import type { InputRange } from '@helios/shared/domain/model-manifest.ts';

/** The features that at least one row of training had. Of the others a model knows nothing, so it never sees them. */
export function knownInputs(inputs: readonly InputRange[]): readonly InputRange[] {
  return inputs.filter(({ missing }) => missing < 1);
}

/** Names of the features that no row of training had. */
export function absentNames(inputs: readonly InputRange[]): readonly string[] {
  return inputs.filter(({ missing }) => missing >= 1).map(({ name }) => name);
}

/** True if a training without these features had candles alone: nobody knew trades, or the price within a minute. */
export function isOfCandles(absent: readonly string[]): boolean {
  return absent.includes('trade_flow_10s') && absent.includes('return_now');
}

/** How many features a model knows, as text; `absent` are the names of those that no row of training had. */
export function knowledgeText(absent: readonly string[], all: number): string {
  const text = `knows ${all - absent.length} of ${all} features`;
  if (isOfCandles(absent)) return `${text} (candles only)`;
  return absent.includes('spread_bp') ? `${text} (no books)` : text;
}

/** The same for the inputs of a manifest; undefined without inputs. */
export function knowledgeOf(inputs: readonly InputRange[]): string | undefined {
  return inputs.length === 0 ? undefined : knowledgeText(absentNames(inputs), inputs.length);
}
