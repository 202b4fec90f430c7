import { z } from 'zod';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';

/** Every setting in force. Secrets are masked; those that are for other processes to know are `withheld`. */
export const ConfigReply = z.strictObject({
  settings: z.array(
    z.strictObject({ section: z.string().optional(), key: z.string(), value: z.string(), origin: z.string() }),
  ),
});

export function configRoute(app: App, { shownSettings }: Api): void {
  app.get(
    '/api/config',
    {
      schema: {
        summary: 'Settings in force with where each comes from, secrets masked',
        response: { 200: ConfigReply, ...ERROR_ANSWERS },
      },
    },
    async () => ({ settings: shownSettings.map((setting) => ({ ...setting })) }),
  );
}
