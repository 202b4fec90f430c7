import { createHash } from 'node:crypto';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { z } from 'zod';
import type { AccountStart } from '../accounts/account-store.ts';
import { fileLines } from './state-lines.ts';
import { readStateText } from './state-text.ts';

const FORMAT = 'helios-exchange-state';
const VERSION = 1;

/** First line of a state file: whose state it is. */
const Header = z.strictObject({
  format: z.literal(FORMAT),
  version: z.number(),
  accounts: z.array(z.strictObject({ id: z.string(), keys: z.array(z.string()) })),
});
type Header = z.infer<typeof Header>;

/** What one operation changed: the rows of tables by key (null removes one), and rows added to lists. */
export const StateEntry = z.strictObject({
  /** Venue time, epoch ms. */
  at: z.number(),
  tables: z.record(z.string(), z.array(z.tuple([z.string(), z.unknown()]))).default({}),
  lists: z.record(z.string(), z.array(z.unknown())).default({}),
});
export type StateEntry = z.input<typeof StateEntry>;

/** The content of a state file. */
export class StateContent {
  /** Venue time of the newest entry, epoch ms; undefined without entries. */
  lastMs: number | undefined;
  /** Bytes of a cut-off last line, which was dropped; 0 for none. */
  tornBytes = 0;
  entries = 0;
  readonly #tables = new Map<string, Map<string, unknown>>();
  readonly #lists = new Map<string, unknown[]>();

  table(name: string): ReadonlyMap<string, unknown> {
    return this.#tables.get(name) ?? new Map();
  }

  list(name: string): readonly unknown[] {
    return this.#lists.get(name) ?? [];
  }

  add({ at, tables = {}, lists = {} }: StateEntry): void {
    this.entries += 1;
    this.lastMs = Math.max(this.lastMs ?? at, at);
    for (const [name, rows] of Object.entries(tables)) {
      const table = this.#tables.get(name) ?? new Map<string, unknown>();
      this.#tables.set(name, table);
      for (const [key, row] of rows) {
        if (row === null) table.delete(key);
        else table.set(key, row);
      }
    }
    for (const [name, rows] of Object.entries(lists)) {
      const list = this.#lists.get(name) ?? [];
      this.#lists.set(name, list);
      for (const row of rows) list.push(row);
    }
  }
}

/** The header of these accounts. Keys are hashed: a state file is no place for them. */
export function stateHeader(accounts: readonly AccountStart[]): Header {
  const owners = accounts.map(({ id, keys }) => ({ id, keys: keys.map(({ apiKey }) => keyHash(apiKey)) }));
  return { format: FORMAT, version: VERSION, accounts: owners };
}

/**
 * Reads a state file of these accounts. A cut-off last line is dropped: its operation was never acknowledged.
 * @throws HopelessStart if it is not a state file, is damaged, or belongs to other accounts
 */
export function readStateFile(path: string, accounts: readonly AccountStart[]): StateContent {
  const content = new StateContent();
  checkOwner(path, accounts);
  let number = 0;
  for (const { text, isWhole } of fileLines(path)) {
    number += 1;
    if (number === 1) continue;
    if (isWhole) content.add(entryOf(path, number, text));
    else content.tornBytes = Buffer.byteLength(text);
  }
  return content;
}

/** Reads the first line only. @throws HopelessStart if the file is not a state file of these accounts */
export function checkOwner(path: string, accounts: readonly AccountStart[]): void {
  const { text, isWhole } = fileLines(path).next().value ?? { text: '', isWhole: false };
  checkHeader(path, text, isWhole, accounts);
}

function checkHeader(path: string, text: string, isWhole: boolean, accounts: readonly AccountStart[]): void {
  const header = isWhole ? Header.safeParse(parsed(text)) : undefined;
  if (header?.success !== true)
    throw new HopelessStart(
      `${path} is not a state file of the local exchange, so nothing was started and the file is unchanged. Give another name after --state; a missing file is created.`,
    );
  if (header.data.version !== VERSION)
    throw new HopelessStart(
      `${path} has version ${header.data.version} of the state file, but this Helios reads version ${VERSION}. Nothing was started and the file is unchanged. Use the Helios that wrote it, or another file.`,
    );
  for (const owner of header.data.accounts) {
    const given = accounts.find(({ id }) => id === owner.id);
    if (given === undefined)
      throw new HopelessStart(
        `${path} holds the account “${owner.id}”, which the command line does not have. Nothing was started and the file is unchanged. Add the account (--account), or give another file.`,
      );
    const hashes = given.keys.map(({ apiKey }) => keyHash(apiKey));
    if (owner.keys.length > 0 && !owner.keys.some((hash) => hashes.includes(hash)))
      throw new HopelessStart(
        `${path} holds the account “${owner.id}” of another API key. Nothing was started and the file is unchanged. Start with the key it was made with, or give another file.`,
      );
  }
}

function entryOf(path: string, line: number, text: string): StateEntry {
  const entry = StateEntry.safeParse(parsed(text));
  if (entry.success) return entry.data;
  throw new HopelessStart(
    `${path} is damaged at line ${line}, so nothing was started and the file is unchanged. To keep what stands before it, copy the first ${line - 1} lines into a new file and give that after --state.`,
  );
}

function parsed(text: string): unknown {
  try {
    return readStateText(text);
  } catch {
    return undefined;
  }
}

function keyHash(apiKey: string): string {
  return createHash('sha256').update(apiKey).digest('hex').slice(0, 16);
}
