import { setTimeout as pause } from 'node:timers/promises';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Login } from '../endpoints/session.ts';
import { createKnownBrowsers, newBrowserKey } from './known-browsers.ts';
import { type LoginRecord, openLoginFile } from './login-file.ts';
import { createLoginQueue } from './login-queue.ts';
import { openPasswordCheck, type PasswordCheck } from './password-check.ts';
import { createSessions } from './sessions.ts';

interface Dependencies {
  readonly dashboard: Settings['dashboard'];
  readonly dataDir: string;
  readonly nowMs: () => number;
  readonly log: Logger;
}

interface Access {
  readonly login: Login;
  /** Ends all sessions if the stored password was replaced while this process runs. */
  readonly endIfPasswordChanged: () => Promise<void>;
}

/** Opens password, stored sessions and known browsers. With `dashboard.login=false` it stores nothing. */
export async function openLogin({ dashboard, dataDir, nowMs, log }: Dependencies): Promise<Access> {
  const queue = createLoginQueue({ nowMs, wait: (ms) => pause(ms), rng: Math.random });
  if (!dashboard.login) {
    const browsers = createKnownBrowsers(newBrowserKey());
    const login = { sessions: createSessions(nowMs), browsers, queue, isPassword: async () => true };
    return { login, endIfPasswordChanged: async () => {} };
  }
  const password = await openPasswordCheck(dashboard.password, dataDir, log);
  const file = openLoginFile(dataDir, log);
  let record = await recordFor(password, file.read());
  // Write at once, so that sessions of an earlier password cannot come back with it.
  file.write(record);
  const sessions = createSessions(nowMs, record.sessions, (ends) => {
    record = { ...record, sessions: { ...ends } };
    file.write(record);
  });

  async function endIfPasswordChanged(): Promise<void> {
    if (!password.mayChange || (await password.isCurrent(record.password))) return;
    record = await recordFor(password, record);
    sessions.closeAll();
  }
  const browsers = createKnownBrowsers(record.browser_key);
  return { login: { sessions, browsers, queue, isPassword: password.isRight }, endIfPasswordChanged };
}

/** The stored record if it matches the present password, else a record without sessions. */
async function recordFor(password: PasswordCheck, kept: LoginRecord | undefined): Promise<LoginRecord> {
  if (kept !== undefined && (await password.isCurrent(kept.password))) return kept;
  const hash = (await password.hash()) ?? kept?.password;
  if (hash === undefined) throw new Error('The file of the dashboard’s password has just vanished; start again.');
  return { password: hash, sessions: {}, browser_key: kept?.browser_key ?? newBrowserKey() };
}
