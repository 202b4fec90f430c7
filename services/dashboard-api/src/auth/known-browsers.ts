import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Recognises browsers that have logged in before by a signed cookie. It grants no access, only a separate login queue. */
export interface KnownBrowsers {
  /** The cookie of a browser that has just logged in. */
  sign(): string;
  /** The browser's id; undefined if the cookie is missing or not ours. */
  idOf(cookie: string | undefined): string | undefined;
}

/** How long a browser stays known after a login, seconds. */
export const KNOWN_FOR_SEC = 180 * 86_400;

export function createKnownBrowsers(key: string): KnownBrowsers {
  const signatureOf = (id: string) => createHmac('sha256', key).update(id).digest('base64url');

  return {
    sign() {
      const id = randomBytes(12).toString('base64url');
      return `${id}.${signatureOf(id)}`;
    },
    idOf(cookie) {
      const [id = '', signature = ''] = (cookie ?? '').split('.');
      const expected = Buffer.from(signatureOf(id));
      const given = Buffer.from(signature);
      const isOurs = given.length === expected.length && timingSafeEqual(given, expected);
      return isOurs ? id : undefined;
    },
  };
}

export const newBrowserKey = (): string => randomBytes(32).toString('base64url');
