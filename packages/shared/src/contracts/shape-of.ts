import { z } from 'zod';

/** The parts of a JSON schema that the documentation shows. */
interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

/** A document's shape as a type, one line per field of the outermost object. Omits bounds. */
export function shapeOf(schema: z.ZodType): string {
  const document = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as JsonSchema;
  return alternatives(document)
    .map((alternative) => {
      const fields = fieldsOf(alternative);
      return fields === undefined ? inline(alternative) : ['{', ...fields.map((field) => `  ${field}`), '}'].join('\n');
    })
    .join('\nor\n');
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return schema.oneOf ?? schema.anyOf ?? [schema];
}

function fieldsOf({ properties, required = [] }: JsonSchema): string[] | undefined {
  if (properties === undefined) return undefined;
  return Object.entries(properties).map(
    ([name, schema]) => `${name}${required.includes(name) ? '' : '?'}: ${inline(schema)}`,
  );
}

function inline(schema: JsonSchema): string {
  const several = alternatives(schema);
  if (several.length > 1) return several.map(inline).join(' | ');
  if (schema.const !== undefined) return String(schema.const);
  if (schema.enum !== undefined) return schema.enum.join(' | ');
  const fields = fieldsOf(schema);
  if (fields !== undefined) return `{ ${fields.join(', ')} }`;
  if (schema.type === 'array') return inlineArray(schema);
  if (typeof schema.additionalProperties === 'object') return `{ [name]: ${inline(schema.additionalProperties)} }`;
  if (schema.type === 'string' && schema.pattern?.startsWith('^-?\\d+') === true) return 'decimal string';
  return schema.type ?? 'any';
}

function inlineArray({ items, prefixItems }: JsonSchema): string {
  if (prefixItems !== undefined) return `[${prefixItems.map(inline).join(', ')}]`;
  const item = inline(items ?? {});
  return item.includes(' ') && !item.startsWith('[') ? `(${item})[]` : `${item}[]`;
}
