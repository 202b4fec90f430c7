import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inHome, root } from './place.mjs';
import { collect, foreground } from './process.mjs';

const inModules = (...parts) => join(root, 'node_modules', ...parts);
const SOURCES = ['packages', 'services'];
/** Incremental type check: keeps the last results and checks only the changes. */
const TYPES = [
  '--noEmit',
  '-p',
  'tsconfig.json',
  '--incremental',
  '--tsBuildInfoFile',
  inHome('cache', 'types.tsbuildinfo'),
];

/**
 * `npm run check`: runs every step even after a failed one, so that one run shows all faults. `--no-tests` skips the tests
 * except that of exported names, for a caller that has just run them.
 * @returns {Promise<number>} 0, or 1 if a step failed
 */
export async function check(node, env, line) {
  const steps = [
    ['format and lint', () => foreground(node, [inModules('@biomejs', 'biome', 'bin', 'biome'), 'check', '.'], env)],
    ['types', () => foreground(node, [inModules('typescript', 'bin', 'tsc'), ...TYPES], env)],
    ['boundaries', () => boundaries(node, env)],
    // Its configuration is knip.jsonc. A hint means an entry there without effect.
    [
      'nothing dead',
      () => foreground(node, [inModules('knip', 'bin', 'knip.js'), '--treat-config-hints-as-errors'], env),
    ],
    [
      'generated documents in sync',
      () => foreground(node, [join(root, 'packages/fleet/src/docs/generate-docs.ts'), '--check'], env),
    ],
  ];
  // Without the tests, run at least the one that a merge of two green branches can break.
  const [what, ...files] = line.has('no-tests') ? ['exported names', 'tests/exported-names.test.ts'] : ['tests'];
  steps.push([what, () => foreground(node, [inModules('vitest', 'vitest.mjs'), 'run', ...files], env)]);
  const results = [];
  for (const [name, run] of steps) {
    process.stdout.write(`\n— ${name}\n`);
    const started = Date.now();
    const ok = (await run()) === 0;
    results.push(`  ${ok ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  }
  process.stdout.write(`\n${results.join('\n')}\n`);
  return results.some((line) => line.includes('FAILED')) ? 1 : 0;
}

/** Source files that the boundary check must cover. */
function sourceFiles(folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourceFiles(path);
    return /\.(ts|tsx)$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

/** Runs dependency-cruiser; also fails if it missed a source file. */
async function boundaries(node, env) {
  const cruiser = inModules('dependency-cruiser', 'bin', 'dependency-cruiser.mjs');
  const args = [cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...SOURCES];
  const result = await collect(node, args, { env });
  let report;
  try {
    report = JSON.parse(result.stdout);
  } catch {
    process.stdout.write(`${result.output}\ndependency-cruiser gave no report (exit code ${result.code}).\n`);
    return 1;
  }
  const seen = new Set(report.modules.map((module) => module.source));
  const missed = SOURCES.flatMap(sourceFiles).filter((file) => !seen.has(file));
  for (const { rule, from, to } of report.summary.violations) {
    process.stdout.write(`  ${rule.severity} ${rule.name}: ${from} → ${to}\n`);
  }
  if (missed.length > 0) process.stdout.write(`  not checked: ${missed.slice(0, 10).join(', ')}\n`);
  process.stdout.write(`  ${report.summary.totalCruised} modules, ${report.summary.violations.length} violations\n`);
  return report.summary.totalCruised > 0 && report.summary.error === 0 && missed.length === 0 ? 0 : 1;
}
