import { z } from 'zod';
import { jsonReply, type Reply } from '../http/reply.ts';

/**
 * Reads the JSON body of a control request.
 * @param unchanged what did not happen if the body is refused
 * @param example a valid body
 */
export function readControlBody<T>(
  schema: z.ZodType<T>,
  body: string,
  unchanged: string,
  example: string,
): { readonly value: T } | { readonly refused: Reply } {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { refused: jsonReply(400, { error: `${unchanged}: the body is not JSON. Send for example ${example}.` }) };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { value: parsed.data };
  const why = z.prettifyError(parsed.error);
  return { refused: jsonReply(400, { error: `${unchanged}: ${why}\nSend for example ${example}.` }) };
}
