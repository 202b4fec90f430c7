import { ALL_SETTINGS, type NamedSetting } from '@helios/shared/runtime/config/setting-names.ts';

const BEGIN = '  # Generated from here …';
const END = '  # … to here by "npm run docs".';

/** Hosts, ports and folders inside the containers. docker-compose.yml sets them and ignores the operator's files. */
const FIXED = new Set([
  'system.redis_host',
  'system.redis_port',
  'system.redis_username',
  'system.redis_tls',
  'system.redis_tls_ca',
  'system.data_dir',
  'system.log_dir',
  'recording.folder',
  'dashboard.host',
  'dashboard.port',
]);

/**
 * docker-compose.yml with the block of setting variables between the two marks written again. A container sees only the names
 * in this block. It holds no secrets: docker-compose.yml gives each secret to its own service by hand, and
 * tests/compose-files.test.ts checks to which.
 * @throws Error if the marks are missing
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
