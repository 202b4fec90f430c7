import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TrackedStop } from '../../src/live/cover/tracked-stop.ts';
import type { StopState } from '../../src/live/venue-port.ts';
import { SYMBOL } from './cover-harness.ts';
import type { Outcome } from './fake-stop-venue.ts';
import { FleetModel, isSafe } from './fleet-model.ts';

type Step = fc.Command<object, FleetModel>;

/** A step that may always run. */
function step(name: string, act: (fleet: FleetModel) => void): Step {
  return { check: () => true, run: (_, fleet) => act(fleet), toString: () => name };
}

const outcomes = fc.constantFrom<Outcome>(
  'OK',
  'OK',
  'OK',
  'NOT_SENT',
  'LOST_BEFORE',
  'LOST_AFTER',
  'MUTE_BEFORE',
  'MUTE_AFTER',
  'REFUSED',
);
const index = fc.nat(5);
const tenths = fc.integer({ min: 1, max: 5 });

const steps: fc.Arbitrary<Step>[] = [
  fc.tuple(fc.constantFrom('LONG', 'SHORT'), tenths).map(([side, count]) =>
    step(`fill ${side} ${count}`, (fleet) => {
      if (fleet.isFlat) {
        fleet.venue.side = side === 'LONG' ? 'LONG' : 'SHORT';
        fleet.stopPrice = fleet.venue.mark + (side === 'LONG' ? -5 : 5);
      }
      if (fleet.isFlat || fleet.venue.quantity > 0) fleet.venue.setPosition(fleet.venue.quantity + count);
    }),
  ),
  tenths.map((count) =>
    step(`exit ${count}`, (fleet) => {
      if (fleet.venue.quantity > 0) fleet.venue.setPosition(Math.max(fleet.venue.quantity - count, 0));
    }),
  ),
  fc.integer({ min: 1, max: 3 }).map((by) =>
    step(`trail ${by}`, (fleet) => {
      const { target } = fleet;
      if (target === undefined) return;
      const wanted = target.stopPrice + (target.side === 'LONG' ? by : -by);
      if (isSafe(target.side, wanted, fleet.venue.mark)) fleet.stopPrice = wanted;
      fleet.want();
    }),
  ),
  fc.integer({ min: -3, max: 3 }).map((by) => step(`mark ${by}`, (fleet) => fleet.setMark(fleet.venue.mark + by))),
  ...[1, 2, 3].map(() =>
    fc
      .tuple(index, outcomes)
      .map(([i, outcome]) => step(`carry out ${i} ${outcome}`, (fleet) => fleet.carryOut(i, outcome))),
  ),
  ...[1, 2, 3].map(() =>
    fc
      .tuple(index, fc.integer({ min: 1, max: 2 }))
      .map(([i, times]) => step(`deliver ${i} × ${times}`, (fleet) => fleet.deliver(i, times))),
  ),
  fc.constantFrom(1, 50, 300, 1_000, 5_000).map((ms) => step(`pass ${ms} ms`, (fleet) => fleet.pass(ms))),
  fc.constant(step('snapshot', (fleet) => fleet.venue.takeSnapshot())),
  fc.boolean().map((isForgetful) =>
    step(`forgetful ${isForgetful}`, (fleet) => {
      fleet.venue.isForgetful = isForgetful;
    }),
  ),
  fc.nat(3).map((i) =>
    step(`somebody removes ${i}`, (fleet) => {
      const stop = fleet.venue.own()[i];
      if (stop) fleet.venue.remove(stop);
    }),
  ),
  fc.constant(step('obey', (fleet) => fleet.obey())),
  fc.constant(step('restart', (fleet) => fleet.restart())),
];

describe('the cover on a venue that loses, doubles and reorders', () => {
  test('never removes the last stop, never adds one on a guess, and ends with exactly what the position needs', () => {
    fc.assert(
      fc.property(fc.commands(steps, { maxCommands: 80 }), (commands) => {
        const fleet = new FleetModel();
        fc.modelRun(() => ({ model: {}, real: fleet }), commands);
        fleet.heal();
        const { venue, target, cover } = fleet;
        const open = venue.own().map(({ terms }) => terms);
        expect(cover.closeDemand()).toBeUndefined();
        if (target === undefined) expect(open).toEqual([]);
        else {
          expect(open.map(({ quantity }) => quantity)).toEqual([venue.quantity]);
          expect(open.every(({ triggerPrice }) => fleet.isRightPrice(target, triggerPrice))).toBe(true);
        }
        expect(cover.state()?.state).toBe(target && 'COVERED');
      }),
      { numRuns: 120 },
    );
  });
});

describe('the states of a stop', () => {
  const states: StopState[] = ['NEW', 'NEW', 'TRIGGERING', 'TRIGGERED', 'FINISHED'];
  const terms = { clientAlgoId: 'he-s1', symbol: SYMBOL, action: 'SELL', quantity: 1, triggerPrice: 95 } as const;

  test('F17: come to the same end in any order, doubled', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...states, ...states], { minLength: 1 }), (order) => {
        const stop = TrackedStop.placed(terms, 1);
        for (const [i, state] of order.entries()) stop.onShown({ ...terms, state, reduceOnly: true, tsEvent: i }, i);
        const last = states.findLast((state) => order.includes(state));
        expect(stop.state).toBe(last);
      }),
    );
  });
});
