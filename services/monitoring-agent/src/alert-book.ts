import type { Alert } from '@helios/shared/domain/fleet.ts';
import { ALERTS, type AlertCode, type Condition } from './alert-codes.ts';

/** A condition that blinks is one alert: it is over only when it has been gone for this long. */
const GONE_AFTER_MS = 10_000;
/** An alert whose gist has changed is repeated after this long at the earliest. */
const CHANGED_AFTER_MS = 30_000;

interface Open {
  readonly condition: Condition;
  /** As it was said last; undefined: not known. */
  readonly saidGist: string | undefined;
  readonly alertId: string;
  readonly raisedTs: number;
  readonly saidTs: number;
  readonly seenTs: number;
}

/** Turns what is wrong now into alerts: raised once, repeated while it lasts, resolved when it is gone. */
export interface AlertBook {
  /** Everything that is wrong, or may be, at `nowMs` (wall time); returns what is to be said. */
  update(conditions: readonly Condition[], nowMs: number): Alert[];
  /** Takes over what an earlier life of this process had open; `alerts` oldest first. */
  restore(alerts: readonly Alert[]): void;
}

export function createAlertBook(repeatMs: number): AlertBook {
  const open = new Map<string, Open>();

  function see(condition: Condition, nowMs: number): Alert | undefined {
    const key = keyOf(condition);
    const known = open.get(key);
    if (condition.undecided) {
      if (known) open.set(key, { ...known, seenTs: nowMs });
      return undefined;
    }
    if (!known) {
      const alertId = `${key}:${nowMs}`;
      const saidGist = condition.gist;
      open.set(key, { condition, saidGist, alertId, raisedTs: nowMs, saidTs: nowMs, seenTs: nowMs });
      return sayOf(condition, alertId, 'RAISED', nowMs);
    }
    const hasChanged = known.saidGist !== undefined && condition.gist !== known.saidGist;
    const due = Math.abs(nowMs - known.saidTs) >= (hasChanged ? Math.min(CHANGED_AFTER_MS, repeatMs) : repeatMs);
    const said = due ? { saidTs: nowMs, saidGist: condition.gist } : { saidGist: known.saidGist ?? condition.gist };
    open.set(key, { ...known, condition, seenTs: nowMs, ...said });
    return due ? sayOf(condition, known.alertId, 'REPEATED', nowMs) : undefined;
  }

  function sweep(nowMs: number): Alert[] {
    const resolved: Alert[] = [];
    for (const [key, entry] of open) {
      // A clock that was set back ends the wait: what is still wrong was seen a moment ago.
      if (Math.abs(nowMs - entry.seenTs) < GONE_AFTER_MS) continue;
      open.delete(key);
      resolved.push(resolvedOf(entry, nowMs));
    }
    return resolved;
  }

  return {
    update(conditions, nowMs) {
      const said = conditions.map((condition) => see(condition, nowMs)).filter((alert) => alert !== undefined);
      return [...said, ...sweep(nowMs)];
    },
    restore(alerts) {
      for (const alert of alerts) restoreOne(open, alert);
    },
  };
}

function keyOf({ code, subject }: Condition): string {
  return `${code}:${subject}`;
}

function sayOf(condition: Condition, alertId: string, stage: 'RAISED' | 'REPEATED', ts: number): Alert {
  const { code, service, message } = condition;
  const { level } = ALERTS[code];
  const action = condition.action ?? ALERTS[code].action;
  return { alert_id: alertId, code, level, stage, service, message, action, ts };
}

function resolvedOf({ condition, alertId, raisedTs, seenTs }: Open, ts: number): Alert {
  const lasted = Math.max(1, Math.round((seenTs - raisedTs) / 1_000));
  return {
    alert_id: alertId,
    code: condition.code,
    level: 'INFO',
    stage: 'RESOLVED',
    service: condition.service,
    message: `Resolved after ${lasted} s: ${condition.message}`,
    action: 'Nothing to do.',
    ts,
  };
}

function restoreOne(open: Map<string, Open>, alert: Alert): void {
  const parsed = /^([A-Z_]+):(.*):(\d+)$/.exec(alert.alert_id);
  if (!parsed || !isCode(alert.code)) return;
  const [, , subject = '', raised = ''] = parsed;
  const condition: Condition = { code: alert.code, service: alert.service, subject, message: alert.message };
  if (alert.stage === 'RESOLVED') {
    open.delete(keyOf(condition));
    return;
  }
  const id = { alertId: alert.alert_id, saidGist: undefined };
  const entry = { condition, ...id, raisedTs: Number(raised), saidTs: alert.ts, seenTs: alert.ts };
  open.set(keyOf(condition), entry);
}

function isCode(code: string): code is AlertCode {
  return Object.hasOwn(ALERTS, code);
}
