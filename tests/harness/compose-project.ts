import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The project's folder. */
export const root = resolve(import.meta.dirname, '../..');

/** The names of all services. */
export const services = readdirSync(join(root, 'services')).filter((name) =>
  existsSync(join(root, 'services', name, 'package.json')),
);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in the project's folder. */
export function run(command: string, args: readonly string[], timeoutMs = 60_000): Promise<Ended> {
  return new Promise((settle) => {
    const options = { cwd: root, timeout: timeoutMs, maxBuffer: 64_000_000 };
    execFile(command, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      settle({ code, stdout, stderr });
    });
  });
}

/** The compose command of this host; undefined without an engine. */
export async function findCompose(): Promise<readonly string[] | undefined> {
  if ((await run('docker', ['info'])).code !== 0) return undefined;
  if ((await run('docker', ['compose', 'version'])).code === 0) return ['docker', 'compose'];
  return (await run('docker-compose', ['version'])).code === 0 ? ['docker-compose'] : undefined;
}

/** Polls until the answer is true; fails with `what` after the deadline. */
export async function until(what: string, deadlineMs: number, ask: () => Promise<boolean>): Promise<number> {
  const startedMs = Date.now();
  while (!(await ask())) {
    if (Date.now() - startedMs > deadlineMs) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await pause(500);
  }
  return Date.now() - startedMs;
}

interface Inspected {
  readonly Name: string;
  readonly RestartCount: number;
  readonly Mounts: readonly { readonly Source: string; readonly Destination: string }[];
  readonly State: { readonly Status: string; readonly ExitCode: number; readonly Health?: { readonly Status: string } };
  readonly HostConfig: { readonly Memory: number; readonly PidsLimit: number | null };
  readonly Config: { readonly Env: readonly string[]; readonly Labels: Readonly<Record<string, string>> };
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>>;
  };
}

interface OwnFiles {
  /** Text of `config.ini`; default: empty. */
  readonly ini?: string;
  /** More containers, in the words of a compose file. */
  readonly containers?: Readonly<Record<string, unknown>>;
}

/** Makes a project of the tests' image; the tests remove it at their end. */
export type NewProject = (variables: Readonly<Record<string, string>>, own?: OwnFiles) => ComposeProject;

/** A separate project in the engine, with its own name, image, port, variables and `config.ini`: nothing of an operator's counts. */
export class ComposeProject {
  readonly name = `helios-test-${randomBytes(4).toString('hex')}`;
  readonly #folder = mkdtempSync(join(tmpdir(), 'helios-compose-'));
  readonly #compose: readonly string[];

  constructor(
    compose: readonly string[],
    image: string,
    variables: Readonly<Record<string, string>>,
    files: OwnFiles = {},
  ) {
    this.#compose = compose;
    this.#writeOwnFiles(files);
    const example = readFileSync(join(root, '.env.example'), 'utf8');
    const all = { HELIOS_ENV_FILE: join(this.#folder, '.env'), ...variables, HELIOS_IMAGE: image };
    const kept = example.split('\n').filter((line) => !Object.keys(all).some((name) => line.startsWith(`${name}=`)));
    const own = Object.entries(all).map(([name, value]) => `${name}=${value}`);
    writeFileSync(join(this.#folder, '.env'), [...kept, ...own, ''].join('\n'), { mode: 0o600 });
  }

  /** Replaces the checkout's `config/` by a folder of this project, in every container that mounts it; adds the own containers. */
  #writeOwnFiles({ ini = '', containers = {} }: OwnFiles): void {
    const config = join(this.#folder, 'config');
    mkdirSync(config);
    writeFileSync(join(config, 'config.ini'), ini);
    const mounts = ['settings-check', 'mode-resolver', ...services].map((name) => [
      name,
      { volumes: [`${config}:/app/config:ro`] },
    ]);
    const added = { ...Object.fromEntries(mounts), ...containers };
    writeFileSync(join(this.#folder, 'config.yml'), JSON.stringify({ services: added }));
  }

  run(args: readonly string[], timeoutMs = 60_000): Promise<Ended> {
    const [command = '', ...first] = this.#compose;
    const files = ['-f', join(root, 'docker-compose.yml'), '-f', join(this.#folder, 'config.yml')];
    const own = ['--env-file', join(this.#folder, '.env'), '-p', this.name];
    return run(command, [...first, ...files, ...own, ...args], timeoutMs);
  }

  /** Runs a command in a container through the engine, which takes a tenth of compose's time. */
  async tryExec(service: string, ...command: readonly string[]): Promise<Ended> {
    const [id = ''] = await this.#find('container', [`label=com.docker.compose.service=${service}`]);
    return run('docker', ['exec', id, ...command]);
  }

  /** Output of a command in a container; fails with its error output. */
  async exec(service: string, ...command: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.tryExec(service, ...command);
    if (code !== 0) throw new Error(`${service}: ${command.join(' ')}: ${stderr || stdout}`);
    return stdout.trim();
  }

  async inspect(): Promise<Record<string, Inspected>> {
    const ids = await this.ids('container');
    if (ids.length === 0) return {};
    const all = JSON.parse((await run('docker', ['inspect', ...ids])).stdout) as Inspected[];
    return Object.fromEntries(all.map((one) => [one.Config.Labels['com.docker.compose.service'], one]));
  }

  ids(kind: 'container' | 'volume' | 'network'): Promise<string[]> {
    return this.#find(kind, []);
  }

  async #find(kind: 'container' | 'volume' | 'network', filters: readonly string[]): Promise<string[]> {
    const all = kind === 'container' ? ['--all'] : [];
    const filter = [`label=com.docker.compose.project=${this.name}`, ...filters].flatMap((one) => ['--filter', one]);
    const { stdout } = await run('docker', [kind, 'ls', '--quiet', ...all, ...filter]);
    return stdout.split('\n').filter(Boolean);
  }

  async allHealthy(): Promise<boolean> {
    const containers = await this.inspect();
    return ['redis', 'mode-resolver', ...services].every(
      (name) => containers[name]?.State.Health?.Status === 'healthy',
    );
  }

  /** The unhealthy containers with their last lines, for a failure message. */
  async complaint(): Promise<string> {
    const { stdout } = await this.run(['logs', '--tail', '15']);
    const states = Object.entries(await this.inspect()).map(([name, { State }]) => `${name} ${State.Health?.Status}`);
    return `${states.join(', ')}\n${stdout}`;
  }

  async remove(): Promise<void> {
    await this.run(['down', '--volumes', '--timeout', '10'], 120_000);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
