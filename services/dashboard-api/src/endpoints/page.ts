import type { App } from '../api.ts';

/** Files of the page, served without a login: they contain the login form and no figures. */
export const PAGE_FILES = [
  'index.html',
  'icon.svg',
  'page.css',
  'page.js',
  'account.js',
  'control.js',
  'decisions.js',
  'dom.js',
  'figures.js',
  'format.js',
  'http.js',
  'market-clock.js',
  'panels.js',
  'performance.js',
  'positions.js',
  'strategy.js',
  'start-preview.js',
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
