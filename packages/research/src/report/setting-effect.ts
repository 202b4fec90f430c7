import { mean } from '@helios/synthetic-market/series-statistics.ts';
import { type Dimension, indexAt } from '../search/dimension.ts';
import type { TriedCandidate } from '../study.ts';

/** Mean net result of settings with similar values, all else as it came. */
export interface ValueGroup {
  /** Values from the lowest to the highest, or the one value. */
  readonly label: string;
  readonly settings: number;
  /** Mean over the settings of their mean net result per trade, bp. */
  readonly meanBp: number;
}

/** How much the value of a setting matters. */
export interface SettingEffect {
  readonly path: string;
  /** Share of the variance between settings that its groups explain, 0..1 (correlation ratio η², Pearson 1905). */
  readonly explained: number | undefined;
  readonly groups: readonly ValueGroup[];
}

const GROUPS = 5;

/** The effect of each searched setting on the mean net result over the whole time, most important first. */
export function settingEffects(dimensions: readonly Dimension[], tried: readonly TriedCandidate[]): SettingEffect[] {
  const played = tried.flatMap(({ candidate, summary }) => {
    const bp = summary.whole.meanBp;
    return bp === undefined ? [] : [{ candidate, bp }];
  });
  const effects = dimensions.map((dimension, n) => {
    const values = played.map(({ candidate, bp }) => ({
      place: candidate.places[n] ?? 0,
      text: candidate.texts[dimension.path] ?? '',
      bp,
    }));
    return effectOf(dimension, values);
  });
  return effects
    .filter(({ groups }) => groups.length > 0)
    .toSorted((a, b) => (b.explained ?? -1) - (a.explained ?? -1));
}

interface PlacedValue {
  readonly place: number;
  readonly text: string;
  readonly bp: number;
}

function effectOf(dimension: Dimension, values: readonly PlacedValue[]): SettingEffect {
  const groupOf = ({ place }: PlacedValue) =>
    dimension.kind === 'CHOICE' ? indexAt(dimension, place) : Math.min(GROUPS - 1, Math.floor(place * GROUPS));
  const byGroup = [...Map.groupBy(values, groupOf)].sort(([a], [b]) => a - b).map(([, group]) => group);
  const centre = mean(values.map(({ bp }) => bp)) ?? 0;
  const total = values.reduce((sum, { bp }) => sum + (bp - centre) ** 2, 0);
  const between = byGroup.reduce((sum, group) => sum + group.length * (meanBpOf(group) - centre) ** 2, 0);
  return {
    path: dimension.path,
    explained: total > 0 ? between / total : undefined,
    groups: byGroup.map((group) => ({ label: labelOf(group), settings: group.length, meanBp: meanBpOf(group) })),
  };
}

const meanBpOf = (group: readonly PlacedValue[]) => mean(group.map(({ bp }) => bp)) ?? 0;

function labelOf(group: readonly PlacedValue[]): string {
  const sorted = group.toSorted((a, b) => a.place - b.place);
  const [low = '', high = ''] = [sorted[0]?.text, sorted.at(-1)?.text];
  return low === high ? low : `${low} … ${high}`;
}
