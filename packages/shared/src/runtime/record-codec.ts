import type { z } from 'zod';
import type { RecordEntry } from '../contracts/entry.ts';

/** The form of a record's field in a Redis hash. */
type FieldForm = 'text' | 'json';

interface Definition {
  readonly type: string;
  readonly innerType?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly values?: readonly unknown[];
}

const formsByEntry = new WeakMap<RecordEntry, Readonly<Record<string, FieldForm>>>();

/**
 * A record's document as hash fields: strings unchanged, everything else as JSON, absent fields left out.
 * The schema decides the form, so that a string of digits stays a string.
 */
export function encodeRecord(entry: RecordEntry, document: object): Record<string, string> {
  const forms = formsOf(entry);
  const fields: Record<string, string> = {};
  for (const [field, value] of Object.entries(document)) {
    if (value === undefined) continue;
    fields[field] = forms[field] === 'text' ? String(value) : JSON.stringify(value);
  }
  return fields;
}

/** The raw document of hash fields, before the schema check. */
export function decodeRecord(entry: RecordEntry, fields: Readonly<Record<string, string>>): Record<string, unknown> {
  const forms = formsOf(entry);
  const document: Record<string, unknown> = {};
  for (const [field, text] of Object.entries(fields)) {
    document[field] = forms[field] === 'json' ? parsed(text) : text;
  }
  return document;
}

/** The parsed JSON, or the text if it is not JSON: the schema then reports the fault. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function formsOf(entry: RecordEntry): Readonly<Record<string, FieldForm>> {
  const known = formsByEntry.get(entry);
  if (known) return known;
  const { shape } = definitionOf(entry.schema);
  if (!shape) throw new Error(`${entry.name}: a record needs an object schema`);
  const forms: Record<string, FieldForm> = {};
  for (const [field, schema] of Object.entries(shape)) forms[field] = isText(schema) ? 'text' : 'json';
  formsByEntry.set(entry, forms);
  return forms;
}

function isText(schema: z.core.$ZodType): boolean {
  const definition = definitionOf(schema);
  if (definition.type === 'string' || definition.type === 'enum') return true;
  return definition.type === 'literal' && (definition.values ?? []).every((value) => typeof value === 'string');
}

/** The definition inside optional, default, catch and pipe. */
function definitionOf(schema: z.core.$ZodType): Definition {
  const definition = schema._zod.def as Definition;
  const inner = definition.innerType ?? definition.in;
  return inner ? definitionOf(inner) : definition;
}
