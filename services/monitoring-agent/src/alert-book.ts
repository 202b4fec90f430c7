import type { Alert } from '@helios/shared/domain/fleet.ts';
import { ALERTS, type AlertCode, type Condition } from './alert-codes.ts';

/** An alert is resolved when its condition has been gone for this long. A condition that comes and goes is one alert. */
const GONE_AFTER_MS = 10_000;
/** Minimum time before an alert with a changed gist is repeated. */
const CHANGED_AFTER_MS = 30_000;

interface Open {
  readonly condition: Condition;
  /** Gist of the last alert sent; undefined: not known. */
  readonly sentGist: string | undefined;
  readonly alertId: string;
  readonly raisedTs: number;
  readonly sentTs: number;
  readonly seenTs: number;
}

/** Turns conditions into alerts: raises each once, repeats it while it lasts, resolves it when it is gone. */
export interface AlertBook {
  /** Takes all conditions at `nowMs` (wall time), undecided ones too. Returns the alerts to send. */
  update(conditions: readonly Condition[], nowMs: number): Alert[];
  /** Reopens the alerts that were open before this process restarted; `alerts` oldest first. */
  restore(alerts: readonly Alert[]): void;
  /** The alerts that are not resolved. */
  open(): Pick<Alert, 'code' | 'level'>[];
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
      const sentGist = condition.gist;
      open.set(key, { condition, sentGist, alertId, raisedTs: nowMs, sentTs: nowMs, seenTs: nowMs });
      return alertOf(condition, alertId, 'RAISED', nowMs);
    }
    const hasChanged = known.sentGist !== undefined && condition.gist !== known.sentGist;
    const due = Math.abs(nowMs - known.sentTs) >= (hasChanged ? Math.min(CHANGED_AFTER_MS, repeatMs) : repeatMs);
    const sent = due ? { sentTs: nowMs, sentGist: condition.gist } : { sentGist: known.sentGist ?? condition.gist };
    open.set(key, { ...known, condition, seenTs: nowMs, ...sent });
    return due ? alertOf(condition, known.alertId, 'REPEATED', nowMs) : undefined;
  }

  function sweep(nowMs: number): Alert[] {
    const resolved: Alert[] = [];
    for (const [key, entry] of open) {
      // The absolute value also resolves alerts after the clock was set back; conditions that still hold have a new stamp.
      if (Math.abs(nowMs - entry.seenTs) < GONE_AFTER_MS) continue;
      open.delete(key);
      resolved.push(resolvedOf(entry, nowMs));
    }
    return resolved;
  }

  return {
    update(conditions, nowMs) {
      const sent = conditions.map((condition) => see(condition, nowMs)).filter((alert) => alert !== undefined);
      return [...sent, ...sweep(nowMs)];
    },
    restore(alerts) {
      for (const alert of alerts) restoreOne(open, alert);
    },
    open: () => [...open.values()].map(({ condition: { code } }) => ({ code, level: ALERTS[code].level })),
  };
}

function keyOf({ code, subject }: Condition): string {
  return `${code}:${subject}`;
}

function alertOf(condition: Condition, alertId: string, stage: 'RAISED' | 'REPEATED', ts: number): Alert {
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
  const id = { alertId: alert.alert_id, sentGist: undefined };
  const entry = { condition, ...id, raisedTs: Number(raised), sentTs: alert.ts, seenTs: alert.ts };
  open.set(keyOf(condition), entry);
}

function isCode(code: string): code is AlertCode {
  return Object.hasOwn(ALERTS, code);
}
