import { composeWithSettings } from './compose-settings.ts';
import { configTemplate } from './config-template.ts';
import { configurationPage } from './configuration-page.ts';
import { dotenvExample } from './dotenv-example.ts';
import { liveFaultsPage } from './live-faults-page.ts';
import { redisPage } from './redis-page.ts';

/** Every generated file by its path in the project, with the function that makes its new text from its present text. */
export const GENERATED_FILES: Readonly<Record<string, (present: string) => string>> = {
  'config/config.ini.template': configTemplate,
  '.env.example': dotenvExample,
  'docs/configuration.md': configurationPage,
  'docs/live-faults.md': liveFaultsPage,
  'docs/redis.md': redisPage,
  'docker-compose.yml': composeWithSettings,
};
