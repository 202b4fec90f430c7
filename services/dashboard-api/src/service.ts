import { resolve } from 'node:path';
import { type Clock, wallClock } from '@helios/shared/runtime/clock.ts';
import type { ShownSetting } from '@helios/shared/runtime/config/effective-settings.ts';
import { createPriceFollower } from '@helios/shared/runtime/follow-prices.ts';
import { PriceBoard } from '@helios/shared/runtime/price-board.ts';
import { defineService } from '@helios/shared/runtime/service.ts';
import type { Api } from './api.ts';
import { openLogin } from './auth/open-login.ts';
import { buildApp } from './build-app.ts';
import { listen } from './listen.ts';
import { pushedParts } from './push/parts.ts';
import { createPushHub, ROUND_MS } from './push/push-hub.ts';
import { shownSettings } from './shown-settings.ts';

const FOLLOW_MS = 2_000;
const PASSWORD_LOOK_MS = 5_000;
const PROJECT = resolve(import.meta.dirname, '../../..');

interface Dependencies {
  readonly wall: Clock;
  /** The effective settings that this process may show; read once, at start. */
  readonly shownSettings: () => readonly ShownSetting[];
  /** Folder to which `system.data_dir` is relative. */
  readonly project: string;
}

/** The page, the HTTP API behind it, and the operator's commands. Reads Redis; decides nothing. */
export const createDashboardApi = ({ wall, shownSettings, project }: Dependencies) =>
  defineService({
    name: 'dashboard-api',
    settings: ['dashboard', 'alerts', 'system'],
    modes: ['live', 'public', 'synthetic'],
    async start({ bus, clock, settings, mode, log, every, onStop }) {
      const { host, port, login } = settings.dashboard;
      const board = new PriceBoard(mode, () => clock.now());
      const dataDir = resolve(project, settings.system.data_dir);
      const api: Api = { bus, clock, wall, mode, settings, board, dataDir, log, shownSettings: shownSettings() };
      const hub = createPushHub(pushedParts(api), () => bus.writeRefusal()?.error);
      const access = await openLogin({ dashboard: settings.dashboard, dataDir, nowMs: () => wall.now(), log });
      const app = await buildApp({ api, hub, login: access.login });
      onStop('close the HTTP server', () => app.close());
      onStop('end the live streams', () => hub.close());
      const market = createPriceFollower({ bus, clock, mode, board });
      bus.onReconnect(market.reload);
      await market.start();
      await listen(app, host, port);
      every('follow the watchlist', FOLLOW_MS, market.catchUp);
      every('end sessions of an earlier password', PASSWORD_LOOK_MS, access.endIfPasswordChanged);
      every('push to the pages', ROUND_MS, () => hub.round(wall.now()));
      log.info({ url: `http://${host}:${port}`, login }, 'dashboard is up');
    },
  });

export const dashboardApi = createDashboardApi({
  wall: wallClock,
  project: PROJECT,
  shownSettings: () => shownSettings(process.env, PROJECT),
});
