import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ProfileName } from '@helios/shared/domain/profile-name.ts';
import { GateCode } from '@helios/shared/domain/signal.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { seasoned, viewAt } from '../../../test/strategy-harness.ts';
import { profileOf } from '../../trading/profile.ts';
import { EntryCandidate } from '../entry-candidate.ts';
import { askGates, firstRefusal, GATES } from './registry.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../../../../docs/gates.md'), 'utf8');

test('every code has one gate, in the order of the codes', () => {
  expect(GATES.map(({ code }) => code)).toEqual(GateCode.options);
});

test('the documentation lists exactly these gates in the same words', () => {
  const rows = page.matchAll(/^\| ([A-Z_]+) \| (.+) \|$/gm);
  expect([...rows].map(([, code, about]) => ({ code, about }))).toEqual(
    GATES.map(({ code, about }) => ({ code, about })),
  );
});

test('every gate answers with its own code, whatever the others answer', () => {
  const params = defaultSettings();
  const state = seasoned(params);
  const view = viewAt(T0, { tradingState: 'HALTED' });
  const answers = askGates(new EntryCandidate('LONG', state, view, params));
  expect(answers.map(({ gate }) => gate)).toEqual(GateCode.options);
  expect(answers[0]?.outcome).toBe('REFUSED');
});

test('a cold gate abstains in simulation and refuses in live', () => {
  const params = defaultSettings();
  const state = seasoned(params);
  const outcomes = (name: ProfileName) => {
    const answers = askGates(
      new EntryCandidate('LONG', state, viewAt(T0, { profile: profileOf(name, params) }), params),
    );
    return Object.fromEntries(answers.map(({ gate, outcome }) => [gate, outcome]));
  };
  const cold = ['VOLUME', 'VWAP', 'TREND', 'REGIME', 'EDGE_VS_COST'];
  for (const gate of cold) {
    expect(outcomes('SIMULATION')[gate], gate).toBe('NOT_WARM');
    expect(outcomes('LIVE')[gate], gate).toBe('REFUSED');
    expect(outcomes('LIVE_ON_PAPER')[gate], gate).toBe('REFUSED');
  }
});

test('the first refusal is the same as in the full evaluation, under each profile', () => {
  const params = defaultSettings();
  const state = seasoned(params);
  for (const name of ['SIMULATION', 'LIVE', 'LIVE_ON_PAPER'] as const) {
    for (const tradingState of ['ACTIVE', 'HALTED'] as const) {
      const view = viewAt(T0, { profile: profileOf(name, params), tradingState });
      const input = new EntryCandidate('LONG', state, view, params);
      const refused = askGates(input).find(({ outcome }) => outcome === 'REFUSED');
      expect(firstRefusal(input)).toBe(refused?.gate);
    }
  }
});
