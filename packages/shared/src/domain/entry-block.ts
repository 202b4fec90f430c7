import { z } from 'zod';

/** Why execution-manager takes no entry, whatever risk-manager allowed. */
export const EntryBlock = z.enum([
  /** Trading is not ACTIVE, or a flatten is under way. */
  'TRADING_STATE',
  /** No user stream: fills would go unnoticed. */
  'USER_STREAM',
  /** The venue's account was not compared since the start, or since a gap. */
  'RECONCILING',
  /** The account is in hedge mode, or several assets count as margin. */
  'ACCOUNT_MODE',
  /** Orders of another Helios instance are on the account. */
  'FOREIGN_INSTANCE',
  /** An exit was refused again and again. */
  'EXIT_STUCK',
  /** The venue closed a position by force; Start releases the symbol. */
  'FORCED_CLOSE',
  /** An order of the symbol has an unknown outcome, or its position differs from the venue's. */
  'SYMBOL_FROZEN',
  /** A position, an entry or an exit of ours is on the symbol. */
  'SYMBOL_BUSY',
  /** A position of somebody else is on the symbol. */
  'FOREIGN_POSITION',
  /** The venue has halted the symbol, settles or delists it, or has announced that it will. */
  'SYMBOL_NOT_TRADING',
  /** The money of the symbol is not USDT. */
  'MARGIN_ASSET',
  /** The venue refused leverage or margin mode. */
  'SYMBOL_REFUSED',
  /** The steps and limits of the symbol are unknown. */
  'INSTRUMENT_UNKNOWN',
  /** A condition of the process or of the account: lease, self-test, clock, ban. */
  'NOT_READY',
]);
export type EntryBlock = z.infer<typeof EntryBlock>;
