import type { App } from '../api.ts';

/** The page itself is the same for everybody and holds no figure; its login form must be reachable before the login. */
export const PAGE_FILES = [
  'index.html',
  'icon.svg',
  'page.css',
  'page.js',
  'control.js',
  'decisions.js',
  'dom.js',
  'figures.js',
  'format.js',
  'http.js',
  'market-clock.js',
  'panels.js',
  'performance.js',
  'stream.js',
  'stream-worker.js',
  'units.js',
] as const;

export function pageRoutes(app: App): void {
  for (const file of PAGE_FILES) {
    const url = file === 'index.html' ? '/' : `/${file}`;
    app.get(url, { config: { open: true, rateLimit: false }, schema: { hide: true } }, (_request, reply) =>
      reply.sendFile(file),
    );
  }
}
