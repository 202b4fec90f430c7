import { isLoose } from '../wire/field-checks.ts';

/** Kinds of text other than data of a known stream. */
export type ServerText =
  | { readonly kind: 'ACCEPTED'; readonly id: number }
  | { readonly kind: 'REFUSED'; readonly id: number | undefined; readonly words: string }
  /** The server shuts down in some minutes (about ten, as documented for spot). */
  | { readonly kind: 'SHUTDOWN' }
  /** Data or garbage; the parser decides. */
  | { readonly kind: 'OTHER'; readonly stream: string | undefined };

const BEFORE_NAME = '{"stream":"';

/** The stream name of a wrapped data text, without parsing the text; undefined if it has another beginning. */
export function streamNameOf(text: string): string | undefined {
  if (!text.startsWith(BEFORE_NAME)) return undefined;
  const end = text.indexOf('"', BEFORE_NAME.length);
  return end < 0 ? undefined : text.slice(BEFORE_NAME.length, end);
}

/** Parses a text that is not data of a known stream. Never throws. */
export function readServerText(text: string): ServerText {
  const json = parsed(text);
  if (!isLoose(json)) return { kind: 'OTHER', stream: undefined };
  if (isShutdown(json) || isShutdown(json['data']) || isShutdown(json['event'])) return { kind: 'SHUTDOWN' };
  const id = typeof json['id'] === 'number' ? json['id'] : undefined;
  // A request error has the format `{error: {code, msg}, id}`, on some hosts `{code, msg, id}`.
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
