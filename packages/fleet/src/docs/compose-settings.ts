import { ALL_SETTINGS, type NamedSetting } from '@helios/shared/runtime/config/setting-names.ts';

const BEGIN = '  # Generated from here …';
const END = '  # … to here by "npm run docs".';

/** Places and ports inside the containers: docker-compose.yml sets them, whatever the operator's files say. */
const FIXED = new Set([
  'system.redis_host',
  'system.redis_port',
  'system.redis_username',
  'system.redis_tls',
  'system.redis_tls_ca',
  'system.data_dir',
  'system.log_dir',
  'dashboard.host',
  'dashboard.port',
]);

/**
 * docker-compose.yml with the variables of all settings between the two marks renewed: a container sees nothing of
 * `.env` but what is handed on here. Secrets are not among them; each is handed to its own service by hand, and
 * tests/compose-files.test.ts knows to which.
 * @throws Error where the marks are missing.
 */
export function composeWithSettings(present: string): string {
  const begin = present.indexOf(BEGIN);
  const end = present.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`docker-compose.yml lacks the lines "${BEGIN}" and "${END}"`);
  const lines = ALL_SETTINGS.filter(isHandedOn).flatMap(({ environmentNames, formerNames }) =>
    [...environmentNames, ...formerNames.map(({ environmentName }) => environmentName)].map(
      (name) => `  ${name}: \${${name}:-}`,
    ),
  );
  return [present.slice(0, begin) + BEGIN, ...lines, present.slice(end)].join('\n');
}

function isHandedOn({ path, setting }: NamedSetting): boolean {
  return setting.secret !== true && !FIXED.has(path);
}
