import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a test checks of the invariants of live trading. */
export type Invariant = 'NO_DUPLICATE' | 'COVERED' | 'SAME_STATE' | 'ONE_ANSWER';

/** A test, or a group of tests, that shows what a fault of the list does to Helios. */
export interface FaultTest {
  /** Path in the project. */
  readonly file: string;
  /** Without the ids at its beginning. */
  readonly title: string;
  /** Rows that it covers: its title begins with them, as in `F17 …` or `F16, F17: …`. */
  readonly ids: readonly string[];
  readonly invariants: readonly Invariant[];
}

const FOLDERS = ['packages', 'services', 'tests'];
/** These show that the local exchange makes the fault, not what Helios does then. */
const FOREIGN = 'packages/exchange-simulator/test/foreign';

const IDS = String.raw`F\d+(?:(?:, | and | )[FL]\d+)*`;
/** The title of a test or group that begins with the id of a fault. */
const TITLED = new RegExp(String.raw`^.*(['"\`])(${IDS}):? (.+?)\1,.*$`, 'gm');
/** A row of `test.each(ROWS)('$id $what …')`. */
const ROW = new RegExp(String.raw`\bid: '(${IDS})',\s*what: (['"])(.+?)\2`, 'g');
const EACH_ROW = /^ *(['`])\$id \$what(.*?)\1,$/gm;
const NEXT_TEST = /^ *(?:test|it|describe)\b/m;

/** Calls by which a test checks an invariant; `violations` of the live trader checks all four, but with times at which a position may be bare. */
const CHECKS: readonly [Invariant, RegExp][] = [
  ['NO_DUPLICATE', /\.violations\(|\.ordersTaken\(/],
  ['COVERED', /\.violations\(\)/],
  ['SAME_STATE', /\.violations\(|\.untilFlat\(/],
  ['ONE_ANSWER', /\.violations\(|'#END'/],
];

/** All tests of the project whose titles begin with the id of a fault, by file and place. */
export function faultTests(root: string): FaultTest[] {
  const files = FOLDERS.flatMap((folder) => testFiles(root, folder)).filter((file) => !file.startsWith(FOREIGN));
  return files.sort().flatMap((file) => testsOf(file, readFileSync(join(root, file), 'utf8')));
}

function testFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : testFiles(root, path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

/** The tests of one file with a row's id in their titles. */
export function testsOf(file: string, text: string): FaultTest[] {
  const titled = [...text.matchAll(TITLED)];
  const tests = titled.map(([line, , ids = '', title = '']) => ({ ids, title, invariants: checksAfter(text, line) }));
  const rows = [...text.matchAll(ROW)];
  const each = [...text.matchAll(EACH_ROW)].flatMap(([line, , rest = '']) =>
    rows.map(([, ids = '', , what = '']) => ({ ids, title: what + rest, invariants: checksAfter(text, line) })),
  );
  return [...tests, ...each].map(({ ids, ...test }) => ({ file, ...test, ids: ids.match(/F\d+/g) ?? [] }));
}

/** What the body below the line with the title checks. */
function checksAfter(text: string, line: string): Invariant[] {
  const below = text.slice(text.indexOf(line) + line.length);
  const end = below.search(NEXT_TEST);
  const body = end < 0 ? below : below.slice(0, end);
  return CHECKS.flatMap(([invariant, call]) => (call.test(body) ? [invariant] : []));
}
