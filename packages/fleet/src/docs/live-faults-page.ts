import { resolve } from 'node:path';
import { FAULT_LIST } from './fault-list.ts';
import { type FaultTest, faultTests, type Invariant } from './fault-tests.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');

const INVARIANTS: Readonly<Record<Invariant, { readonly letter: string; readonly about: string }>> = {
  NO_DUPLICATE: {
    letter: 'D',
    about: 'no duplicate order, no signal filled above its size, no position turned around',
  },
  COVERED: { letter: 'C', about: 'no position without a stop of its whole size for more than two seconds' },
  SAME_STATE: { letter: 'S', about: 'the positions of the fleet are those of the venue' },
  ONE_ANSWER: { letter: 'A', about: 'one final answer per signal, and every fill on record once' },
};
const ALL = Object.keys(INVARIANTS) as Invariant[];

const HEAD = `# Faults that live trading survives

<!-- Generated from the titles of the tests by "npm run docs". Change the tests, or packages/fleet/src/docs/fault-list.ts, not this file. -->

Look up here what Helios does when something fails, and which tests show it. Run one with \`npm test -- FILE\`. A test belongs to a row if its title begins with the id of the row. \`OPEN\`: no test yet.
[The local exchange](local-exchange.md#failures-of-a-trading-fleet) lists the requests that cause each fault. "checked" names the invariants that the tests of a row check by the venue's own ledger; other tests check what their titles say.`;

/** docs/live-faults.md: every fault of the list with its tests. */
export function liveFaultsPage(): string {
  const tests = faultTests(ROOT);
  const legend = ALL.map((one) => `| ${INVARIANTS[one].letter} | ${INVARIANTS[one].about} |`);
  const rows = FAULT_LIST.map(({ failure, injected }, index) => {
    const id = `F${index + 1}`;
    const own = tests.filter(({ ids }) => ids.includes(id));
    return `| ${[id, failure, injected, checkedBy(own), shownBy(own)].map(cell).join(' | ')} |`;
  });
  return `${[
    HEAD,
    ['| letter | invariant |', '|--|--|', ...legend].join('\n'),
    ['| # | failure | injected | checked | tests |', '|--|--|--|--|--|', ...rows].join('\n'),
  ].join('\n\n')}\n`;
}

function checkedBy(tests: readonly FaultTest[]): string {
  const checked = new Set(tests.flatMap(({ invariants }) => invariants));
  return ALL.flatMap((one) => (checked.has(one) ? [INVARIANTS[one].letter] : [])).join(' ');
}

function shownBy(tests: readonly FaultTest[]): string {
  if (tests.length === 0) return 'OPEN';
  return tests.map(({ file, title }) => `\`${file}\` · ${title}`).join('<br>');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
