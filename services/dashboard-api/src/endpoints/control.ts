import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Records, Streams } from '@helios/shared/contracts/catalog.ts';
import { type FleetState, OperatorCommand } from '@helios/shared/domain/fleet.ts';
import { ControlReply } from '@helios/shared/domain/http-replies.ts';
import { haltingTrouble } from '@helios/shared/domain/known-ledger.ts';
import { startRefusal } from '@helios/shared/domain/start-refusal.ts';
import { z } from 'zod';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';
import { ApiError } from '../api-error.ts';

/** Maximum wait until the command is applied. */
const WAIT_MS = 2_000;
const LOOK_EVERY_MS = 50;
const REMEMBERED = 200;

const Action = OperatorCommand.shape.action;
type Action = OperatorCommand['action'];

export const ControlRequest = z
  .strictObject({
    action: Action,
    /** A command sent twice with the same id is applied once. Generated here if absent. */
    command_id: OperatorCommand.shape.command_id.optional(),
    /** Why; required for a halt. The page and the log show it. */
    reason: OperatorCommand.shape.reason,
  })
  .refine(({ action, reason }) => action !== 'halt' || reason !== undefined, {
    path: ['reason'],
    message: 'a halt needs a reason: say in one sentence why trading must stop',
  });

/** Sends operator commands and waits briefly for their result. Refuses Start at once while live trading cannot enter. */
export function createControl({
  bus,
  wall,
  mode,
}: Pick<Api, 'bus' | 'wall' | 'mode'>): (action: Action, commandId?: string, reason?: string) => Promise<ControlReply> {
  /** Commands sent by this process, oldest first. */
  const sent = new Map<string, Action>();

  async function send(action: Action, commandId: string, reason: string | undefined): Promise<void> {
    const before = sent.get(commandId);
    mustBeFor(action, commandId, before);
    if (before === action) return;
    // Remember the id before any await, so that a second click sends nothing.
    remember(commandId, action);
    try {
      const state = await bus.getRecord(Records.fleetState);
      if (isApplied(state, action, commandId)) return;
      const command: OperatorCommand = {
        command_id: commandId,
        action,
        ...(reason !== undefined && { reason }),
        issued_by: 'dashboard',
        issued_ts: wall.now(),
      };
      await bus.write((batch) => batch.append(Streams.operatorCommands, command));
    } catch (error) {
      // The command may have arrived. If it is sent again with its id, it is applied once.
      sent.delete(commandId);
      throw error;
    }
  }

  function remember(commandId: string, action: Action): void {
    sent.set(commandId, action);
    for (const id of sent.keys()) if (sent.size > REMEMBERED) sent.delete(id);
  }

  async function mustKnowLedger(): Promise<void> {
    const trouble = haltingTrouble(await bus.getRecord(Records.ledgerTrouble), mode.run);
    if (trouble) throw new ApiError('LEDGER_LOST', `Start is refused. ${trouble.message}`);
  }

  async function mustBeAbleToEnter(): Promise<void> {
    const refusal = startRefusal(await bus.getRecord(Records.liveStatus), mode.run, wall.now());
    if (refusal !== undefined) throw new ApiError('START_REFUSED', `Start is refused. ${refusal}`);
  }

  async function outcome(action: Action, commandId: string): Promise<{ applied: boolean; trading?: FleetState }> {
    const deadline = performance.now() + WAIT_MS;
    for (;;) {
      const trading = await bus.getRecord(Records.fleetState);
      const applied = isApplied(trading, action, commandId);
      if (applied || performance.now() >= deadline) return { applied, ...(trading ? { trading } : {}) };
      await pause(LOOK_EVERY_MS);
    }
  }

  return async (action, commandId = randomUUID(), reason = undefined) => {
    if (action === 'start') await mustKnowLedger();
    if (action === 'start' && mode.mode === 'live') await mustBeAbleToEnter();
    await send(action, commandId, reason);
    const { applied, trading } = await outcome(action, commandId);
    const message = applied
      ? `Trading state: ${trading?.state}.`
      : 'The command is stored, but signal-engine has not applied it yet. Check the services on the page.';
    return { command_id: commandId, action, applied, ...(trading ? { trading } : {}), message };
  };
}

/**
 * True if the command is among the last applied ones.
 * @throws ApiError COMMAND_ID_REUSED if a command with its id had another action.
 */
function isApplied(state: FleetState | undefined, action: Action, commandId: string): boolean {
  const actions = new Map(Object.entries(state?.applied_actions ?? {}));
  mustBeFor(action, commandId, actions.get(commandId));
  return state?.applied_commands.includes(commandId) ?? false;
}

function mustBeFor(action: Action, commandId: string, usedFor: Action | undefined): void {
  if (usedFor === undefined || usedFor === action) return;
  throw new ApiError('COMMAND_ID_REUSED', `The command_id ${commandId} was already used for ${usedFor}.`);
}

export function controlRoute(app: App, api: Api): void {
  const control = createControl(api);
  app.post(
    '/api/control',
    {
      // No rate limit: Stop must always work.
      config: { rateLimit: false },
      schema: {
        summary:
          'start: allow entries (refused in live while the account is not ready); stop: no entries, exits continue; flatten: close everything, then halt; halt: no entries until start, needs a reason',
        body: ControlRequest,
        response: { 200: ControlReply, ...ERROR_ANSWERS },
      },
    },
    ({ body }) => control(body.action, body.command_id, body.reason),
  );
}
