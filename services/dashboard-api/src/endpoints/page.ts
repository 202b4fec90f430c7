import type { App } from '../api.ts';

/** The page itself is the same for everybody and holds no figure; its login form must be reachable before the login. */
export const PAGE_FILES = ['index.html', 'page.css', 'page.js', 'icon.svg'] as const;

export function pageRoutes(app: App, moreFiles: readonly string[] = []): void {
  for (const file of [...PAGE_FILES, ...moreFiles]) {
    const url = file === 'index.html' ? '/' : `/${file}`;
    app.get(url, { config: { open: true }, schema: { hide: true } }, (_request, reply) => reply.sendFile(file));
  }
}
