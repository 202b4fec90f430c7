import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from '@helios/shared/testing/eventually.ts';

/** `npm run exchange`, as a process of its own. */
export class ExchangeProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  #output = '';

  constructor(...args: readonly string[]) {
    this.child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts'), ...args]);
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.#output += chunk));
    this.ended = once(this.child, 'exit').then(([code]) => code);
  }

  get output(): string {
    return this.#output;
  }

  /** Resolves with the addresses, when they are printed. */
  async addresses(): Promise<{ readonly url: string; readonly controlUrl: string; readonly streamUrl: string }> {
    await eventually(`the addresses in: ${this.#output}`, () => this.#output.includes('Ctrl-C'), 60_000);
    const url = new URL(/REST +(\S+)/.exec(this.#output)?.[1] ?? '').origin;
    const controlUrl = new URL(/heal .* (\S+)/.exec(this.#output)?.[1] ?? '').origin;
    return { url, controlUrl, streamUrl: url.replace('http', 'ws') };
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
