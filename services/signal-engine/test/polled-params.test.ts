import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { paramsFor } from '../src/polled-params.ts';

test('only public mode has the longer confirmation window, never shorter than configured', () => {
  const settings = defaultSettings();
  expect(paramsFor('synthetic', settings)).toBe(settings);
  expect(paramsFor('live', settings)).toBe(settings);
  expect(paramsFor('public', settings).signals).toEqual({ ...settings.signals, confirmation_window_ms: 15_000 });
  const patient = defaultSettings({ signals: { confirmation_window_ms: 60_000 } });
  expect(paramsFor('public', patient).signals.confirmation_window_ms).toBe(60_000);
});
