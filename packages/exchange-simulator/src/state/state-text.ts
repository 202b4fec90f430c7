/** Marks a bigint in the text; a text that begins with it gets it twice. */
const MARK = '#';

/**
 * JSON of any value of the accounts. Bigints become texts such as `#12`. Several times as fast as JSON.stringify with a replacer: an
 * object that appears again, such as the ticket of an order, is written once and copied.
 */
export function stateText(value: unknown, written = new Map<object, string>()): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.startsWith(MARK) ? `${MARK}${value}` : value);
    case 'bigint':
      return `"${MARK}${value}"`;
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : objectText(value, written);
    default:
      return 'null';
  }
}

function objectText(value: object, written: Map<object, string>): string {
  if (Array.isArray(value)) return `[${value.map((one) => stateText(one, written)).join(',')}]`;
  const known = written.get(value);
  if (known !== undefined) return known;
  let text = '';
  for (const [name, field] of Object.entries(value))
    if (field !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${stateText(field, written)}`;
  text = `{${text}}`;
  written.set(value, text);
  return text;
}

/** The value of such a text. @throws SyntaxError if it is none */
export function readStateText(text: string): unknown {
  return JSON.parse(text, (_, field: unknown) => {
    if (typeof field !== 'string' || !field.startsWith(MARK)) return field;
    return field.startsWith(MARK, 1) ? field.slice(1) : BigInt(field.slice(1));
  });
}
