import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { guardAgainstOrphan } from '../orphan-guard.mjs';
import { until } from './rehearsal-fleet.ts';

const READY_WITHIN_MS = 30_000;
const REST = /^ +REST +(http:\/\/[^/]+)\//;
const CONTROL = /^ +truth +curl (http:\/\/[^/]+)\//;

export interface ExchangeProcessOptions {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly key: { readonly apiKey: string; readonly apiSecret: string };
  /** USDT. */
  readonly balance: string;
  readonly symbols: readonly string[];
  readonly seed: number;
}

/** A local exchange in a process of its own, on free ports; it ends with this process. */
export class ExchangeProcess {
  readonly #child: ChildProcess;
  #url: string | undefined;
  #controlUrl: string | undefined;

  private constructor({ root, env, key, balance, symbols, seed }: ExchangeProcessOptions) {
    const options = {
      ...{ port: '0', 'control-port': '0', seed: String(seed), symbols: symbols.join(',') },
      // A made-up key: everybody may read it on the command line.
      ...{ 'api-key': key.apiKey, 'api-secret': key.apiSecret, balance },
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const script = join(root, 'packages/exchange-simulator/src/main.ts');
    // Of its own process group: Ctrl-C must not end the exchange before the fleet is flat.
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    this.#child = spawn(process.execPath, [script, ...args], { cwd: root, env, detached: true, stdio: [...stdio] });
    if (this.#child.pid !== undefined) {
      const guard = guardAgainstOrphan(this.#child.pid, env);
      this.#child.once('exit', () => guard.release());
    }
    if (this.#child.stdout === null) return;
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#url ??= REST.exec(line)?.[1];
      this.#controlUrl ??= CONTROL.exec(line)?.[1];
    });
  }

  /** Rejects if it does not serve within half a minute. */
  static async start(options: ExchangeProcessOptions): Promise<ExchangeProcess> {
    const exchange = new ExchangeProcess(options);
    const isUp = (): boolean => exchange.#url !== undefined && exchange.#controlUrl !== undefined;
    if (await until(isUp, READY_WITHIN_MS, () => exchange.hasEnded)) return exchange;
    await exchange.end();
    throw new Error(`The local exchange does not serve within ${READY_WITHIN_MS / 1_000} s.`);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  get url(): string {
    return this.#url ?? '';
  }

  get streamUrl(): string {
    return this.url.replace('http', 'ws');
  }

  get controlUrl(): string {
    return this.#controlUrl ?? '';
  }

  async end(): Promise<void> {
    if (this.hasEnded) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'close');
  }
}
