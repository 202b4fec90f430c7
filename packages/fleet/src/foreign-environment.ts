import { ALL_SETTINGS } from '@helios/shared/runtime/config/setting-names.ts';

const SECRETS: ReadonlySet<string> = new Set(
  ALL_SETTINGS.filter(({ setting }) => setting.secret).flatMap(({ environmentNames }) => environmentNames),
);

/** The environment of a program that is not ours (Redis, a shell): ours without any secret, whoever's it is. */
export function foreignEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !SECRETS.has(name)));
}
