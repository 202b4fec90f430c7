import { ALL_SETTINGS } from '@helios/shared/runtime/config/setting-names.ts';

const SECRETS: ReadonlySet<string> = new Set(
  ALL_SETTINGS.filter(({ setting }) => setting.secret).flatMap(({ environmentNames }) => environmentNames),
);

/** Environment for a program that is not ours (Redis, a shell): our environment without any secret. */
export function foreignEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !SECRETS.has(name)));
}
