import { byId, el, setText } from './dom.js';
import { counted } from './format.js';
import { send } from './http.js';

/** What a button will do, said before it is done. `now` is what the page knows: positions, orders, mode. */
function preview(action, { positions, orders, mode, noOrders }) {
  const count = (rows, one) => counted(rows.length, one);
  const money = mode?.mode === 'live' ? `real orders on ${mode.network}` : 'simulated trading, no real order';
  const open = positions.map(({ symbol, side }) => `${symbol} ${side}`).join(', ');
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
        positions.length > 0
          ? `${count(positions, 'open position')} (${open}) keep stops and exits and close as they would have.`
          : 'There is no open position.',
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
      positions.length > 0
        ? `Closes ${count(positions, 'position')} at the market now: ${open}.`
        : 'There is no open position to close.',
      orders.length > 0 ? `Cancels ${count(orders, 'resting order')}.` : 'There is no resting order to cancel.',
      `Then nothing is traded until Start is pressed (${money}).`,
    ],
    yes: 'Flatten now',
  };
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
  setText('control-result', `Sending ${action}…`);
  const reply = await send('/api/control', { action, command_id: commandId });
  setText('control-result', reply.ok ? reply.body.message : `${reply.body.message} ${reply.body.action}`);
  byId('control-result').className = `result ${reply.ok && reply.body.applied ? 'good' : 'bad'}`;
}

/** Wires Start, Stop and Flatten. `now()` tells what the page knows at the press. */
export function wireControl(now) {
  for (const button of document.querySelectorAll('[data-action]')) {
    button.addEventListener('click', () => press(button.dataset.action, now()));
  }
}
