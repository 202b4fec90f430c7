import { FORMER_VALUES } from '../../domain/settings/former-names.ts';
import { parseRegimeEffect, REGIME_EFFECT_FORM } from '../../domain/settings/regime-effect.ts';
import { type Setting, type SettingValue, type TextSetting, valueText } from '../../domain/settings/setting.ts';
import { nearestName } from '../cli/nearest-name.mjs';
import { parseBoolean } from './parse-boolean.mjs';
import { isTemplatePassword } from './template-text.mjs';

/** A setting's value, or what is wrong with the text and how to correct it. */
export type ParsedValue = { readonly value: SettingValue } | { readonly what: string; readonly fix: string };

/** Parses the text of a setting by its kind. A fault never contains the text of a secret. */
export function parseValue(setting: Setting, raw: string): ParsedValue {
  if (setting.kind === 'text') return parseText(setting, raw);
  if (setting.kind === 'list') {
    const text = setting.capitals ? raw.toUpperCase() : raw;
    const words = text.split(',').map((word) => word.trim());
    return { value: words.filter((word) => word !== '') };
  }
  if (raw === '' && setting.kind === 'optional number') return { value: undefined };
  if (raw === '') {
    return {
      what: 'has no value',
      fix: `Write one, or remove the line to get the default ${valueText(setting.default)}`,
    };
  }
  if (setting.kind === 'number or auto' && raw.toLowerCase() === 'auto') return { value: 'auto' };
  if (setting.kind === 'boolean') return parseBoolean(raw);
  if (setting.kind === 'choice') return parseChoice(setting.choices, raw);
  if (setting.kind === 'regime effect') return parseEffect(raw);
  return parseNumber(setting, raw);
}

/** What to write in place of a value that the setting had once; undefined for others. Other words for true and false count, too. */
export function formerValue(
  { path, setting }: { readonly path: string; readonly setting: Setting },
  raw: string,
): { readonly what: string; readonly fix: string } | undefined {
  if (setting.kind !== 'choice' || setting.choices.includes(raw.toLowerCase())) return undefined;
  const flag = parseBoolean(raw);
  const fix = FORMER_VALUES[path]?.['value' in flag ? String(flag.value) : raw.toLowerCase()];
  return fix === undefined ? undefined : { what: `"${raw}" is a former value`, fix };
}

function parseText(setting: TextSetting, raw: string): ParsedValue {
  if (setting.password !== true || raw === '' || !isTemplatePassword(raw)) return { value: raw };
  return {
    what: 'the password is a placeholder from a template, so everybody knows it',
    fix: 'Choose your own. This command prints a good one: openssl rand -hex 16',
  };
}

function parseChoice(choices: readonly string[], raw: string): ParsedValue {
  const chosen = choices.find((choice) => choice.toLowerCase() === raw.toLowerCase());
  if (chosen !== undefined) return { value: chosen };
  const nearest = nearestName(raw, choices);
  const hint = nearest !== undefined && nearest.distance <= 2 ? `Did you mean ${nearest.name}? ` : '';
  return { what: `"${raw}" is not one of ${choices.join(', ')}`, fix: `${hint}Write one of them` };
}

function parseEffect(raw: string): ParsedValue {
  const value = parseRegimeEffect(raw);
  if (value !== undefined) return { value };
  const fix = `Write it like this: threshold 1, stop 1.5, hold 1.5, block SHORT (${REGIME_EFFECT_FORM})`;
  return { what: `"${raw}" is not a regime effect`, fix };
}

function parseNumber(
  setting: Extract<Setting, { kind: 'number' | 'integer' | 'optional number' | 'number or auto' }>,
  raw: string,
): ParsedValue {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, kind } = setting;
  const orAuto = kind === 'number or auto' ? ', or auto' : '';
  const wanted = `Write a ${kind === 'integer' ? 'whole ' : ''}number${boundsOf(setting)}${orAuto}`;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(raw)) {
    const hint = /^[+-]?\d+,\d+$/.test(raw) ? ' (the decimal sign is a point)' : '';
    return { what: `"${raw}" is not a number${hint}`, fix: wanted };
  }
  const value = Number(raw);
  if (!Number.isFinite(value)) return { what: `${raw} is too large`, fix: wanted };
  if (kind === 'integer' && !Number.isInteger(value)) return { what: `${raw} is not a whole number`, fix: wanted };
  if (value < min || value > max) return { what: `${raw} is out of bounds`, fix: wanted };
  return { value };
}

function boundsOf({ min, max }: { readonly min?: number; readonly max?: number }): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}
