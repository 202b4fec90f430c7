import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { marginFigures, marginLevel } from './margin-ladder.ts';

const limits = defaultSettings().risk;

describe('the margin figures', () => {
  test('are percentages of the margin balance', () => {
    const figures = marginFigures({ available: 600, marginBalance: 1_000, maintenance: 25 });
    expect(figures).toEqual({ freeMarginPct: 60, maintenanceRatioPct: 2.5 });
  });
  test('are unknown separately', () => {
    expect(marginFigures({ available: undefined, marginBalance: 1_000, maintenance: 25 })).toEqual({
      freeMarginPct: undefined,
      maintenanceRatioPct: 2.5,
    });
    expect(marginFigures({ available: 1, marginBalance: undefined, maintenance: 1 })).toEqual({
      freeMarginPct: undefined,
      maintenanceRatioPct: undefined,
    });
  });
  test('a balance of zero is the worst level with open positions, and no danger without', () => {
    expect(marginFigures({ available: 0, marginBalance: -5, maintenance: 1 })).toEqual({
      freeMarginPct: 0,
      maintenanceRatioPct: 100,
    });
    expect(marginFigures({ available: 0, marginBalance: 0, maintenance: 0 }).maintenanceRatioPct).toBe(0);
  });
});

test.each([
  [100, 0, 'OK'],
  [30.01, 49.99, 'OK'],
  [30, 0, 'WARNING'],
  [100, 50, 'WARNING'],
  [15.01, 79.99, 'WARNING'],
  [15, 0, 'CRITICAL'],
  [100, 80, 'CRITICAL'],
  [undefined, 0, 'UNKNOWN'],
  [100, undefined, 'UNKNOWN'],
  [20, undefined, 'UNKNOWN'],
  [undefined, 90, 'CRITICAL'],
  [undefined, undefined, 'UNKNOWN'],
] as const)('free %s %%, maintenance %s %%: %s', (freeMarginPct, maintenanceRatioPct, level) => {
  expect(marginLevel({ freeMarginPct, maintenanceRatioPct }, limits)).toBe(level);
});
