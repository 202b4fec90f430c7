import type { Route } from './stream-name.ts';

/** The parts of a connection's address. */
export interface StreamAddress {
  readonly route: Route;
  /** True if each event comes as `{stream, data}`. */
  readonly isCombined: boolean;
  readonly names: readonly string[];
}

const PATH = /^(?:\/(public|market|private))?\/(?:(stream)|ws(?:\/(.+))?)\/?$/;

/**
 * Reads `[/<route>]/stream[?streams=a/b]` and `[/<route>]/ws[/a]`, route public, market or private, and `?listenKey=K`; undefined for
 * any other address.
 */
export function readStreamAddress(url: URL): StreamAddress | undefined {
  const found = PATH.exec(url.pathname);
  if (found === null) return undefined;
  const [, route = 'legacy', combined, raw] = found;
  const listed = combined === undefined ? decoded(raw ?? '') : (url.searchParams.get('streams') ?? '');
  if (listed === undefined) return undefined;
  const list = `${listed}/${url.searchParams.get('listenKey') ?? ''}`;
  return {
    route: route as Route,
    isCombined: combined !== undefined,
    names: list.split('/').filter((name) => name !== ''),
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
