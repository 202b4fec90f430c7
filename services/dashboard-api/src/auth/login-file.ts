import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PasswordHash } from '@helios/shared/runtime/password.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { z } from 'zod';

/** Logins survive a restart in this record. */
const LoginRecord = z.strictObject({
  /** The password that the sessions were opened with. */
  password: PasswordHash,
  sessions: z.record(z.string(), z.number().int()),
  /** Signs the cookie of browsers that have logged in. */
  browser_key: z.string().min(32),
});
export type LoginRecord = z.infer<typeof LoginRecord>;

/** `dashboard-sessions.json` in the data folder, readable only by its owner. Its faults never stop the dashboard. */
export interface LoginFile {
  /** `undefined` if the file is missing or unreadable. */
  read(): LoginRecord | undefined;
  write(record: LoginRecord): void;
}

export function openLoginFile(dataDir: string, log: Logger): LoginFile {
  const path = join(dataDir, 'dashboard-sessions.json');

  return {
    read() {
      try {
        return LoginRecord.parse(JSON.parse(readFileSync(path, 'utf8')));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        log.warn({ path, error: String(error) }, 'the file of logged-in browsers cannot be read: log in again');
        return undefined;
      }
    },
    write(record) {
      const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(draft, `${JSON.stringify(record)}\n`, { mode: 0o600, flag: 'wx' });
        renameSync(draft, path);
      } catch (error) {
        rmSync(draft, { force: true });
        const advice = 'logins are not kept over a restart: free disk space, or make the data folder writable';
        log.warn({ path, error: String(error) }, advice);
      }
    },
  };
}
