import type { EntryBlock } from '@helios/shared/domain/entry-block.ts';

/** A reason against entries. */
export interface Block {
  readonly code: EntryBlock;
  readonly reason: string;
}
