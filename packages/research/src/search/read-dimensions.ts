import { hasRange, isWideRange, NO_RANGE, rangeOf, settingAt, valueAt } from '@helios/backtest/checks/setting-grid.ts';
import type { Setting } from '@helios/shared/domain/settings/setting.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { nearestHint } from '@helios/shared/runtime/cli/nearest-name.mjs';
import { parseValue } from '@helios/shared/runtime/config/parse-value.ts';
import { ALL_SETTINGS, type NamedSetting } from '@helios/shared/runtime/config/setting-names.ts';
import type { Dimension } from './dimension.ts';

const RANGE = /^(-?[\d.]+(?:e[+-]?\d+)?)\.\.(-?[\d.]+(?:e[+-]?\d+)?)(?:\/([\d.]+(?:e[+-]?\d+)?))?$/i;

/**
 * The settings of --search, with the ranges that it names or their own.
 * @throws CommandLineError for an unknown setting, one without a range, and values that it does not take
 */
export function readDimensions(line: CommandLine, settings: Settings): readonly Dimension[] {
  const texts = line.texts('search');
  if (texts.length === 0)
    throw line.problem('Name what to search: --search signals.nobi_threshold=0.3..0.9. It may be given several times.');
  const dimensions = texts.map((text) => readDimension(line, text, settings));
  const paths = dimensions.map(({ path }) => path);
  const twice = paths.find((path, n) => paths.indexOf(path) !== n);
  if (twice !== undefined) throw line.problem(`--search names ${twice} twice.`);
  return dimensions;
}

function readDimension(line: CommandLine, text: string, settings: Settings): Dimension {
  const [path = '', ...rest] = text.split('=');
  const named = settingAt(path);
  if (named === undefined) {
    const hint = nearestHint(
      path,
      ALL_SETTINGS.map((setting) => setting.path),
    );
    throw line.problem(`--search: there is no setting “${path}”.${hint} docs/configuration.md has all.`);
  }
  if (path === 'signals.model_dir')
    throw line.problem(`--search ${path}: a search plays one model. Name it with --model, and search once for each.`);
  return rest.length === 0 ? ownRange(line, named, settings) : typedRange(line, named, rest.join('='));
}

function ownRange(line: CommandLine, named: NamedSetting, settings: Settings): Dimension {
  const { path, setting } = named;
  if (setting.kind === 'boolean') return { kind: 'CHOICE', path, texts: ['false', 'true'] };
  if (setting.kind === 'choice') return { kind: 'CHOICE', path, texts: setting.choices };
  if (!hasRange(setting)) throw line.problem(`--search ${path}: ${NO_RANGE}. Name the values: --search ${path}=A,B.`);
  const { low, high, isWide } = rangeOf(setting, Number(valueAt(settings, named)) || 0);
  return {
    kind: 'RANGE',
    path,
    ...wholeBounds(setting, low, high),
    isLog: isWide,
    isInteger: setting.kind === 'integer',
  };
}

function wholeBounds({ kind }: Pick<Setting, 'kind'>, low: number, high: number) {
  return kind === 'integer' ? { low: Math.ceil(low), high: Math.floor(high) } : { low, high };
}

function typedRange(line: CommandLine, { path, setting }: NamedSetting, text: string): Dimension {
  const [, from, to, by] = RANGE.exec(text) ?? [];
  const isNumber = hasRange(setting) || setting.kind === 'optional number';
  const texts = from === undefined || to === undefined ? text.split(',').map((value) => value.trim()) : [from, to];
  for (const value of texts) {
    const read = parseValue(setting, value);
    if ('what' in read) throw line.problem(`--search ${path}: ${read.what}. ${read.fix}.`);
  }
  if (from === undefined || to === undefined) return { kind: 'CHOICE', path, texts: [...new Set(texts)] };
  if (!isNumber)
    throw line.problem(`--search ${path}: only numbers have a range. Name the values: --search ${path}=A,B.`);
  const [low, high, step] = [Number(from), Number(to), by === undefined ? undefined : Number(by)];
  if (low > high) throw line.problem(`--search ${path}: the range ${text} must run from low to high.`);
  const isInteger = setting.kind === 'integer';
  if (step !== undefined && !(step > 0 && (!isInteger || Number.isInteger(step))))
    throw line.problem(`--search ${path}: the step ${by} must be a ${isInteger ? 'whole ' : ''}number above 0.`);
  const isLog = step === undefined && isWideRange(low, high);
  return { kind: 'RANGE', path, low, high, isLog, isInteger, ...(step !== undefined && { step }) };
}
