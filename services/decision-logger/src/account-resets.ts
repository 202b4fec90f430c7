import { Records } from '@helios/shared/contracts/catalog.ts';
import type { AccountResetCommand, AccountResetResult } from '@helios/shared/domain/account-reset.ts';
import { ageOf } from '@helios/shared/domain/age.ts';
import { COMMAND_MAX_AGE_MS } from '@helios/shared/domain/freshness.ts';
import type { Bus, Delivery } from '@helios/shared/runtime/bus.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { publishClosed } from './publish-closed.ts';
import type { RedisProjection } from './redis-projection.ts';

interface Options {
  readonly bus: Bus<'decision-logger'>;
  readonly run: string;
  readonly isReplay: boolean;
  readonly projection: Pick<RedisProjection, 'startOver'>;
  /** Symbols with a position or an order. */
  readonly openSymbols: () => readonly string[];
  /** Moves the ledger aside and continues with a new one; resolves to the path of the old one. */
  readonly startOver: () => Promise<string>;
  /** Market time, epoch ms. */
  readonly marketNow: () => number;
  readonly wallNow: () => number;
  readonly log: Logger;
}

/** Ends the paper account of this process and starts a new one, on a command of an operator. */
export class AccountResets {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Applies a command once and writes its result to `account_reset`. @throws BusUnavailable */
  async onCommand(command: AccountResetCommand, delivery: Pick<Delivery, 'ageMs'>): Promise<void> {
    const { bus, run, projection, openSymbols, startOver, marketNow, log } = this.#options;
    if (command.run !== run) return;
    const last = await bus.getRecord(Records.accountReset);
    if (last?.command_id === command.command_id) return;
    // If the clock was set back, Redis ids still count from the old time; the timestamp of the sender has the new time.
    const ageMs = delivery.ageMs ?? ageOf(command.issued_ts, this.#options.wallNow());
    const isLate = ageMs === undefined || ageMs > COMMAND_MAX_AGE_MS;
    const refusal = isLate
      ? 'The reset waited for over a minute and was not applied. Send it again.'
      : this.#refusal(command);
    if (refusal !== undefined) return this.#answer(command, { outcome: 'REFUSED', message: refusal });
    const open = openSymbols();
    const moved_to = await this.#movedAside(startOver, command);
    if (moved_to === undefined) return;
    log.warn({ run, moved_to, open, issued_by: command.issued_by }, 'paper account was reset');
    await projection.startOver();
    await publishClosed({ bus, run, marketNow }, open);
    const left =
      open.length === 0
        ? ''
        : ` The positions and orders of ${open.join(', ')} stay in the old ledger; nothing closes them.`;
    const message = `The account of ${run} was reset. The old ledger is ${moved_to}.${left}`;
    await this.#answer(command, { outcome: 'DONE', message, moved_to });
  }

  #refusal({ force }: AccountResetCommand): string | undefined {
    const { isReplay, openSymbols } = this.#options;
    if (isReplay) return 'Each start of a replay has its own account: restart the replay instead of a reset.';
    const open = openSymbols();
    if (open.length === 0 || force) return undefined;
    return `Positions or orders are open: ${open.join(', ')}. Press Flatten and reset again, or reset with force: nothing then closes them.`;
  }

  /** Undefined if the files could not be moved; the sender then gets the reason. */
  async #movedAside(startOver: () => Promise<string>, command: AccountResetCommand): Promise<string | undefined> {
    try {
      return await startOver();
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      this.#options.log.error({ problem }, 'the ledger could not be moved aside, the account continues');
      const message = `The ledger could not be moved aside, so the account continues unchanged: ${problem}`;
      await this.#answer(command, { outcome: 'REFUSED', message });
      return undefined;
    }
  }

  async #answer(
    { command_id, run }: AccountResetCommand,
    answer: Pick<AccountResetResult, 'outcome' | 'message' | 'moved_to'>,
  ): Promise<void> {
    const { bus, wallNow } = this.#options;
    await bus.write((batch) => batch.setRecord(Records.accountReset, { command_id, run, ...answer, ts: wallNow() }));
  }
}
