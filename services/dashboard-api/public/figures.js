import { createStream, NO_ANSWER } from './stream.js';

/** The shared stream sends at least a beat every ten seconds. Without one for this long it counts as dead. */
const SILENCE_MS = 40_000;

const PAUSED = JSON.stringify({
  ok: false,
  code: 'PAUSED',
  message: 'Not updated while this tab is hidden. The figures are the last ones received.',
});

/**
 * The figures of the dashboard as they change: `say(news)` with a list of `{ name, document, ageMs }`, the
 * newest last, for each of `names` and for `logout`; `ageMs`: how long ago it arrived.
 * All tabs of a browser share one stream if the browser supports it; else each visible tab has its own.
 */
export function openFigures(names, say) {
  function tell(news) {
    const heard = news.filter(({ name }) => name !== 'beat');
    say(heard.map(({ name, text, ageMs }) => ({ name, document: JSON.parse(text), ageMs })));
  }
  let way;

  function useOwn() {
    way?.close();
    way = ownStream(names, tell);
    way.listen();
  }

  return {
    listen() {
      way ??= typeof SharedWorker === 'undefined' ? ownStream(names, tell) : sharedStream(names, tell, useOwn);
      way.listen();
    },
    /** Ends the figures of all tabs after a logout. */
    end: () => way?.end(),
  };
}

function sharedStream(names, tell, onFailure) {
  let port;
  let timer;

  function listen() {
    if (!port) connect();
    port.postMessage({ kind: 'listen', names });
    expectMore();
  }

  function connect() {
    const worker = new SharedWorker('/stream-worker.js', { type: 'module' });
    worker.addEventListener('error', onFailure);
    port = worker.port;
    const own = port;
    own.addEventListener('message', ({ data }) => {
      if (own !== port) return;
      expectMore();
      own.postMessage({ kind: 'taken' });
      tell(data);
    });
    own.start();
  }

  function leave() {
    port?.postMessage({ kind: 'leave' });
    port?.close();
    port = undefined;
  }

  function close() {
    clearTimeout(timer);
    leave();
  }

  function expectMore() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      tell([{ name: 'connection', text: NO_ANSWER, ageMs: 0 }]);
      leave();
      listen();
    }, SILENCE_MS);
  }

  function end() {
    clearTimeout(timer);
    port?.postMessage({ kind: 'end' });
  }

  // A page in the browser's back cache gets nothing until it is shown again.
  addEventListener('pagehide', close);
  addEventListener('pageshow', ({ persisted }) => persisted && listen());
  return { listen, close, end };
}

function ownStream(names, tell) {
  const stream = createStream((name, text) => tell([{ name, text, ageMs: 0 }]));
  let wanted = false;

  function listen() {
    wanted = true;
    if (document.hidden) tell([{ name: 'connection', text: PAUSED, ageMs: 0 }]);
    else stream.listen(names);
  }

  function close() {
    wanted = false;
    stream.close();
  }

  document.addEventListener('visibilitychange', () => {
    if (!wanted) return;
    stream.close();
    listen();
  });
  return { listen, close, end: close };
}
