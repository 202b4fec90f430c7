import type { VenueCommand } from '@helios/core/live/venue-port.ts';

/** A command about one symbol. */
export type CommandOfSymbol = Exclude<VenueCommand, { kind: 'TAKE_SNAPSHOT' }>;

export function symbolOf(command: CommandOfSymbol): string {
  if (command.kind === 'PLACE_ORDER') return command.order.symbol;
  return command.kind === 'PLACE_STOP' ? command.stop.symbol : command.symbol;
}

/** Commands of one order or stop have one key. */
export function commandKey(command: CommandOfSymbol): string {
  switch (command.kind) {
    case 'PLACE_ORDER':
      return command.order.clientOrderId;
    case 'CANCEL_ORDER':
    case 'QUERY_ORDER':
      return command.clientOrderId;
    case 'PLACE_STOP':
      return command.stop.clientAlgoId;
    case 'CANCEL_STOP':
    case 'QUERY_STOP':
      return command.clientAlgoId;
    case 'READ_TRADES':
      return `TRADES ${command.symbol}`;
    case 'PREPARE_SYMBOL':
      return `PREPARE ${command.symbol}`;
  }
}
