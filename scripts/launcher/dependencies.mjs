import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { inHome, root } from './place.mjs';
import { childEnvironment, collect } from './process.mjs';
import { step, tail } from './step.mjs';
import { ensurePnpm, npmNetwork } from './toolchain.mjs';

const stampFile = () => inHome('stamps', 'dependencies');

/** Package folders of the workspace, the root first. */
function workspaceFolders() {
  const folders = [root];
  for (const group of ['packages', 'services']) {
    const parent = join(root, group);
    if (!existsSync(parent)) continue;
    for (const name of readdirSync(parent).sort()) {
      if (existsSync(join(parent, name, 'package.json'))) folders.push(join(parent, name));
    }
  }
  return folders;
}

/** A hash that changes whenever an install may give another result. */
function fingerprint(folders) {
  const hash = createHash('sha256').update(root);
  const files = [join(root, 'pnpm-lock.yaml'), join(root, 'pnpm-workspace.yaml')];
  for (const folder of folders) files.push(join(folder, 'package.json'));
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

function isComplete(folders, hasTools) {
  return folders.every((folder) => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const wanted = Object.keys(dependencies).length + (hasTools ? Object.keys(devDependencies).length : 0);
    return wanted === 0 || existsSync(join(folder, 'node_modules'));
  });
}

/** Prefix of the stamp after an install with the development tools, and after one without them. */
const WITH_TOOLS = 'all ';
const WITHOUT_TOOLS = 'production ';

/**
 * Installs the packages of the lock file, unless they are installed already. Installs the development tools (tests, checks, foreign
 * clients) for a command that needs them; they stay installed.
 * @param {string} node path of Node 24
 * @param {boolean} needsTools
 */
export async function ensureDependencies(node, needsTools) {
  const folders = workspaceFolders();
  const wanted = fingerprint(folders);
  const done = existsSync(stampFile()) ? readFileSync(stampFile(), 'utf8') : '';
  const hasTools = needsTools || done.startsWith(WITH_TOOLS);
  const stamp = (hasTools ? WITH_TOOLS : WITHOUT_TOOLS) + wanted;
  if (done === stamp && isComplete(folders, hasTools)) return;
  const pnpm = await ensurePnpm();
  rmSync(stampFile(), { force: true });
  await step('installing dependencies', () => install(node, pnpm, hasTools));
  writeFileSync(stampFile(), stamp);
}

async function install(node, pnpm, hasTools) {
  const network = await npmNetwork();
  const env = { ...network.env, ...childEnvironment(node) };
  // By default pnpm keeps its store, cache and state in the home folder.
  env.PNPM_HOME = inHome('pnpm', 'home');
  for (const kind of ['DATA', 'CACHE', 'STATE', 'CONFIG']) {
    env[`XDG_${kind}_HOME`] = inHome('pnpm', kind.toLowerCase());
  }
  env.CI = 'true';
  const result = await collect(
    node,
    [
      pnpm,
      'install',
      '--frozen-lockfile',
      ...(hasTools ? [] : ['--prod']),
      '--prefer-offline',
      '--reporter=append-only',
      `--store-dir=${inHome('pnpm', 'store')}`,
      `--cache-dir=${inHome('pnpm', 'cache')}`,
      '--config.confirm-modules-purge=false',
      '--config.update-notifier=false',
      // Two retries within seconds, so that an offline user gets the error quickly.
      '--config.fetch-retries=2',
      '--config.fetch-retry-mintimeout=1000',
      '--config.fetch-retry-maxtimeout=3000',
      ...(network.registry === undefined ? [] : [`--registry=${network.registry}`]),
    ],
    { env },
  );
  if (result.code === 0) return;
  throw new Failure(
    `pnpm could not install the dependencies (exit code ${result.code}). Its output:`,
    tail(withoutRetries(result.output), 6),
    result.output.includes('FROZEN_LOCKFILE') || result.output.includes('OUTDATED_LOCKFILE')
      ? `The lock file does not match package.json. Update it: node ${pnpm} install --no-frozen-lockfile`
      : 'Check the network connection, then run the command again. It keeps what it has fetched.',
  );
}

/** The output without repeated retry messages: the first one is enough. */
function withoutRetries(output) {
  let seen = false;
  const isNew = (line) => {
    if (!line.includes('Will retry in')) return true;
    if (seen) return false;
    seen = true;
    return true;
  };
  return output.split('\n').filter(isNew).join('\n');
}
