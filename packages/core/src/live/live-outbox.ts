import type { Execution } from '@helios/shared/domain/execution.ts';
import type { VenueCommand } from './venue-port.ts';

/** What live trading wants to be sent, in order, until it is taken. */
export class LiveOutbox {
  #commands: VenueCommand[] = [];
  #executions: Execution[] = [];
  readonly #changed = new Set<string>();

  send(...commands: readonly VenueCommand[]): void {
    this.#commands.push(...commands);
  }

  answer(execution: Execution): void {
    this.#executions.push(execution);
  }

  /** Notes that positions or orders of a symbol changed. */
  change(symbol: string): void {
    this.#changed.add(symbol);
  }

  takeCommands(): readonly VenueCommand[] {
    const commands = this.#commands;
    this.#commands = [];
    return commands;
  }

  takeExecutions(): readonly Execution[] {
    const executions = this.#executions;
    this.#executions = [];
    return executions;
  }

  takeChanged(): readonly string[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }
}
