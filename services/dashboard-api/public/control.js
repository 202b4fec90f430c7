import { byId, el, setText } from './dom.js';
import { counted } from './format.js';
import { send } from './http.js';

/** What a button will do, said before it is done. `now` is what the page knows: positions, orders, mode. */
function preview(action, { positions, orders, mode, noOrders }) {
  const money = mode?.mode === 'live' ? `real orders on ${mode.network}` : 'simulated trading, no real order';
  if (action === 'start') {
    return {
      title: 'Start trading?',
      lines: [`New positions may be opened from now on, as the gates allow (${money}).`],
      yes: 'Start',
    };
  }
  if (action === 'stop') {
    return {
      title: 'Stop entering?',
      lines: [
        'No new position is opened.',
        ofPositions(positions, 'There is no open position.', (count, open) => {
          return `Stops and exits stay in force for ${count}: ${open}.`;
        }),
      ],
      yes: 'Stop',
    };
  }
  if (noOrders) {
    return {
      title: 'Nothing to flatten',
      lines: [
        `Nothing is closed: ${noOrders}, so no position at the venue is ours.`,
        'Positions you opened elsewhere stand; close them at the venue.',
      ],
      yes: 'Flatten all the same',
    };
  }
  return {
    title: 'Flatten and halt?',
    lines: [
      ofPositions(positions, 'There is no open position to close.', (count, open) => {
        return `Closes ${count} at the market now: ${open}.`;
      }),
      ofOrders(orders),
      `Then nothing is traded until Start is pressed (${money}).`,
    ],
    yes: 'Flatten now',
  };
}

/** Undefined: no figures have arrived, or none arrive now. */
function ofPositions(positions, none, text) {
  if (positions === undefined) return 'Which positions are open is not known now; it is for all there are.';
  if (positions.length === 0) return none;
  const open = positions.map(({ symbol, side }) => `${symbol} ${side}`).join(', ');
  return text(counted(positions.length, 'open position'), open);
}

function ofOrders(orders) {
  if (orders === undefined) return 'Resting orders are not known now; all there are get cancelled.';
  return orders.length > 0
    ? `Cancels ${counted(orders.length, 'resting order')}.`
    : 'There is no resting order to cancel.';
}

/** An id of its own for each press; sent again it counts once. Works without TLS, where randomUUID does not. */
function newCommandId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `page-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

async function confirmed(action, now) {
  const { title, lines, yes } = preview(action, now);
  const dialog = byId('confirm');
  setText('confirm-title', title);
  setText('confirm-yes', yes);
  byId('confirm-yes').className = `primary ${action}`;
  byId('confirm-text').replaceChildren(...lines.map((line) => el('p', {}, line)));
  dialog.returnValue = 'cancel';
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
  return dialog.returnValue === 'yes';
}

async function press(action, now) {
  if (!(await confirmed(action, now))) return;
  const commandId = newCommandId();
  shown = undefined;
  showResult(`Sending ${action}…`, '');
  const { ok, body } = await send('/api/control', { action, command_id: commandId });
  const applied = ok && body.applied;
  showResult(ok ? body.message : `${body.message} ${body.action}`, applied ? 'good' : 'bad');
  const changedTs = ok ? body.trading?.changed_ts : now.trading?.changed_ts;
  shown = { commandId, applied, changedTs, isSeen: !ok };
}

function showResult(text, kind) {
  setText('control-result', text);
  byId('control-result').className = `result ${kind}`;
}

/** The result on the page: of which command, and the time of the trading state that it speaks of. */
let shown;

/**
 * Takes a result back once the trading state has changed since, and completes one whose command was applied later.
 * A state older than the result proves nothing before its own was seen: the stream may be a moment behind the answer.
 */
export function clearOvertaken(trading) {
  if (shown === undefined || trading === undefined) return;
  const { commandId, applied, changedTs, isSeen } = shown;
  if (!applied && trading.applied_commands.includes(commandId)) {
    showResult(`Trading state: ${trading.state}.`, 'good');
    shown = { commandId, applied: true, changedTs: trading.changed_ts, isSeen: true };
  } else if (trading.changed_ts === changedTs) {
    shown.isSeen = true;
  } else if (isSeen || changedTs === undefined || trading.changed_ts > changedTs) {
    shown = undefined;
    showResult('', '');
  }
}

/** Wires Start, Stop and Flatten. `now()` tells what the page knows at the press. */
export function wireControl(now) {
  for (const button of document.querySelectorAll('[data-action]')) {
    button.addEventListener('click', () => press(button.dataset.action, now()));
  }
}
