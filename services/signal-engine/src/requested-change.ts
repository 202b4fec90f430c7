import type { FleetState, OperatorCommand } from '@helios/shared/domain/fleet.ts';

const COMMANDS_REMEMBERED = 50;

/** What a change sets in the trading state. */
export type TradingStateChange = Pick<FleetState, 'state' | 'reason' | 'flattening' | 'unsure'>;

/**
 * The change that a command requests; undefined if it changes nothing. A stop or a halt during or after a flatten cancels nothing.
 * @param hasNothingToClose true if a flatten is complete at once
 */
export function requestedChange(
  { action, issued_by, reason }: OperatorCommand,
  current: FleetState | undefined,
  hasNothingToClose: boolean,
): TradingStateChange | undefined {
  if (action === 'start') return { state: 'ACTIVE', reason: `start by ${issued_by}` };
  if (action === 'flatten') {
    if (hasNothingToClose) return { state: 'HALTED', reason: `flatten by ${issued_by}, nothing was open` };
    return { state: 'REDUCING', reason: `flatten by ${issued_by}`, flattening: true };
  }
  if ((current?.state === 'HALTED' && !current.unsure) || current?.flattening) return undefined;
  if (action === 'halt') return { state: 'HALTED', reason: `halt by ${issued_by}: ${reason ?? 'no reason given'}` };
  return { state: 'REDUCING', reason: `stop by ${issued_by}` };
}

/** The last applied commands of a state, including `command`. */
export function appliedWith(
  current: FleetState | undefined,
  command?: OperatorCommand,
): Pick<FleetState, 'applied_commands' | 'applied_actions'> {
  const { applied_commands = [], applied_actions = {} } = current ?? {};
  const ids = [...(command ? [command.command_id] : []), ...applied_commands].slice(0, COMMANDS_REMEMBERED);
  const known = new Map(Object.entries(applied_actions));
  if (command) known.set(command.command_id, command.action);
  const actions = Object.fromEntries([...known].filter(([id]) => ids.includes(id)));
  return { applied_commands: ids, applied_actions: actions };
}
