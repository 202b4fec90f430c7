import { Streams } from '@helios/shared/contracts/catalog.ts';
import type { LiveStatus } from '@helios/shared/domain/live-status.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';

/** Only a person can judge these: another fleet trades the account, a position cannot be closed, or the venue closed one by force. */
const HALTING: ReadonlySet<string> = new Set(['FOREIGN_INSTANCE', 'EXIT_STUCK', 'FORCED_CLOSE']);
const MAX_REASON = 300;

interface WatchOptions {
  readonly bus: Bus<'execution-manager'>;
  /** Epoch ms of the machine. */
  readonly now: () => number;
}

/** Asks signal-engine for HALTED, once for each reason that appears. Entries are blocked at once in any case. */
export class HaltWatch {
  readonly #options: WatchOptions;
  readonly #asked = new Set<string>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Compares the reasons of a status with those of the last one. */
  async look({ blocked_by }: Pick<LiveStatus, 'blocked_by'>): Promise<void> {
    const present = new Map(blocked_by.map(({ code, reason }) => [code, reason]));
    for (const code of this.#asked) if (!present.has(code)) this.#asked.delete(code);
    for (const [code, reason] of present) {
      if (!HALTING.has(code) || this.#asked.has(code)) continue;
      if (await skipWhileAway(() => this.#halt(code, reason))) this.#asked.add(code);
    }
  }

  #halt(code: string, reason: string): Promise<void> {
    const nowMs = this.#options.now();
    return this.#options.bus.write((batch) =>
      batch.append(Streams.operatorCommands, {
        command_id: `execution-manager-${code}-${nowMs}`,
        action: 'halt',
        issued_by: 'execution-manager',
        reason: `${code}: ${reason}`.slice(0, MAX_REASON),
        issued_ts: nowMs,
      }),
    );
  }
}
