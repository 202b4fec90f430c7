import { createStream } from './stream.js';

/**
 * One event stream for all tabs of a browser. A browser opens at most six connections to a host: one stream per tab would
 * leave none for Stop. A tab gets new documents only after it has handled the earlier ones, so that a frozen or closed tab
 * costs nothing.
 */

/** Port of each tab → its unsent documents, and whether it still handles the last ones. */
const tabs = new Map();
/** Name → text and time of arrival, the newest last. */
const newest = new Map();
const names = new Set();

const stream = createStream((name, text) => {
  const news = { text, heardMs: Date.now() };
  if (name === 'logout') newest.clear();
  else if (name !== 'beat') putLast(newest, name, news);
  for (const [port, tab] of tabs) {
    if (name === 'logout') tab.waiting.clear();
    putLast(tab.waiting, name, news);
    flush(port, tab);
  }
});

function putLast(map, name, news) {
  map.delete(name);
  map.set(name, news);
}

function flush(port, tab) {
  if (tab.busy || tab.waiting.size === 0) return;
  tab.busy = true;
  const now = Date.now();
  port.postMessage([...tab.waiting].map(([name, { text, heardMs }]) => ({ name, text, ageMs: now - heardMs })));
  tab.waiting.clear();
}

function onListen(port, wanted) {
  const tab = { waiting: new Map(newest), busy: false };
  tabs.set(port, tab);
  const isKnown = wanted.every((name) => names.has(name));
  for (const name of wanted) names.add(name);
  if (!stream.isOpen() || !isKnown) stream.listen([...names]);
  flush(port, tab);
}

/** Handles the logout of a tab: logs out the others too. All get figures again when one of them logs in. */
function onEnd() {
  stream.close();
  newest.clear();
  for (const [port, tab] of tabs) {
    tab.waiting = new Map([['logout', { text: '{}', heardMs: Date.now() }]]);
    flush(port, tab);
  }
}

function onMessage(port, { kind, names: wanted }) {
  const tab = tabs.get(port);
  if (kind === 'listen') onListen(port, wanted);
  else if (kind === 'leave') tabs.delete(port);
  else if (kind === 'end') onEnd();
  else if (kind === 'taken' && tab) {
    tab.busy = false;
    flush(port, tab);
  }
}

self.addEventListener('connect', ({ ports: [port] }) => {
  port.addEventListener('message', ({ data }) => onMessage(port, data));
  port.start();
});
