import { isLoose } from '../wire/field-checks.ts';

/** What a text of the venue is, other than data of a stream that we know. */
export type ServerText =
  | { readonly kind: 'ACCEPTED'; readonly id: number }
  | { readonly kind: 'REFUSED'; readonly id: number | undefined; readonly words: string }
  /** The server goes down in some minutes (the venue's spot pages say about ten). */
  | { readonly kind: 'SHUTDOWN' }
  /** Data or garbage: the parser's. */
  | { readonly kind: 'OTHER'; readonly stream: string | undefined };

const BEFORE_NAME = '{"stream":"';

/** The stream's name of a wrapped data text, without reading the text; undefined where it does not begin as one. */
export function streamNameOf(text: string): string | undefined {
  if (!text.startsWith(BEFORE_NAME)) return undefined;
  const end = text.indexOf('"', BEFORE_NAME.length);
  return end < 0 ? undefined : text.slice(BEFORE_NAME.length, end);
}

/** Reads a text that is no data of a known stream. Never throws. */
export function readServerText(text: string): ServerText {
  const json = parsed(text);
  if (!isLoose(json)) return { kind: 'OTHER', stream: undefined };
  if (isShutdown(json) || isShutdown(json['data']) || isShutdown(json['event'])) return { kind: 'SHUTDOWN' };
  const id = typeof json['id'] === 'number' ? json['id'] : undefined;
  // The error of a request comes as `{error: {code, msg}, id}`, on some hosts as `{code, msg, id}`.
  const error = isLoose(json['error']) ? json['error'] : json;
  if (error['code'] !== undefined && error['msg'] !== undefined) {
    return { kind: 'REFUSED', id, words: `${error['code']} ${error['msg']}`.slice(0, 120) };
  }
  if (id !== undefined && 'result' in json) return { kind: 'ACCEPTED', id };
  return { kind: 'OTHER', stream: typeof json['stream'] === 'string' ? json['stream'] : undefined };
}

function isShutdown(json: unknown): boolean {
  return isLoose(json) && json['e'] === 'serverShutdown';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
