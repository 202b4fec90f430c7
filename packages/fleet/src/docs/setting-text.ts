import { REGIME_EFFECT_FORM } from '@helios/shared/domain/settings/regime-effect.ts';
import { type Setting, valueText } from '@helios/shared/domain/settings/setting.ts';

/** A default as written in config.ini; empty for an empty text or list. */
export function defaultText({ default: fallback }: Setting): string {
  return typeof fallback === 'number' ? decimalText(fallback) : valueText(fallback);
}

/** The allowed values in words; empty if any value is allowed. */
export function allowedText(setting: Setting): string {
  switch (setting.kind) {
    case 'boolean':
      return 'true or false';
    case 'choice':
      return setting.choices.join(', ');
    case 'list':
      return 'words, separated by commas';
    case 'text':
      return '';
    case 'regime effect':
      return REGIME_EFFECT_FORM;
    default:
      return boundsText(setting);
  }
}

function boundsText({
  kind,
  min,
  max,
}: Extract<Setting, { kind: 'number' | 'integer' | 'optional number' | 'number or auto' }>): string {
  const noun = { integer: 'whole number', 'number or auto': 'auto, or number' }[kind as string] ?? 'number';
  if (min !== undefined && max !== undefined) return `${noun} ${decimalText(min)} to ${decimalText(max)}`;
  if (min !== undefined) return `${noun} from ${decimalText(min)}`;
  return max === undefined ? noun : `${noun} up to ${decimalText(max)}`;
}

/** 0.00000001 rather than 1e-8. */
function decimalText(value: number): string {
  return value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 12 });
}
