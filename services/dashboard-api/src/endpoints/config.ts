import { ConfigReply } from '@helios/shared/domain/http-replies.ts';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';

export function configRoute(app: App, { shownSettings }: Api): void {
  app.get(
    '/api/config',
    {
      schema: {
        summary: 'Effective settings with the origin of each, secrets masked',
        response: { 200: ConfigReply, ...ERROR_ANSWERS },
      },
    },
    async () => ({ settings: shownSettings.map((setting) => ({ ...setting })) }),
  );
}
