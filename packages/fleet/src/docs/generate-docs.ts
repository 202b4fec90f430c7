import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { runCommand, typedFolder } from '@helios/shared/runtime/cli/run-command.ts';
import { GENERATED_FILES } from './generated-files.ts';

/**
 * `npm run docs`: writes the generated files. With `--check` it writes nothing, names the files that differ from the
 * generated text, and exits with 1 if there are any. Another argument is the project's folder.
 */
function generateDocs(root: string, check: boolean): number {
  const differing = Object.entries(GENERATED_FILES).filter(([file, generate]) => {
    const path = join(root, file);
    const present = readOrEmpty(path);
    const generated = generate(present);
    if (generated === present) return false;
    if (!check) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, generated);
    }
    return true;
  });
  const names = differing.map(([file]) => file).join(', ');
  if (differing.length === 0) {
    console.log(`All ${Object.keys(GENERATED_FILES).length} generated files match their source.`);
  } else if (check) {
    console.error(
      `These files differ from the code they are generated from: ${names}. Run "npm run docs" and commit them.`,
    );
    return 1;
  } else {
    console.log(`Written: ${names}`);
  }
  return 0;
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

await runCommand('docs', async (line) => {
  const root = line.words[0] ?? resolve(import.meta.dirname, '../../../..');
  return generateDocs(resolve(typedFolder(), root), line.has('check'));
});
