import { Records } from '@helios/shared/contracts/catalog.ts';
import type { Account } from '@helios/shared/domain/account.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

/** The live account of this run, as execution-manager wrote it last. */
export class AccountReader {
  readonly #bus: Bus<'risk-manager'>;
  readonly #run: string;
  #account: Account | undefined;

  constructor(bus: Bus<'risk-manager'>, run: string) {
    this.#bus = bus;
    this.#run = run;
  }

  /** Undefined if there is none; its age is in it. */
  get value(): Account | undefined {
    return this.#account;
  }

  /** @throws BusUnavailable */
  async read(): Promise<void> {
    const account = await this.#bus.getRecord(Records.account);
    this.#account = account?.run === this.#run && !account.simulated ? account : undefined;
  }
}
