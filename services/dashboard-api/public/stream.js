import { isLoggedIn } from './http.js';

const RETRY_MS = 2_000;
/** The server sends at least a beat every ten seconds. Without one for this long the connection counts as dead. */
const SILENCE_MS = 25_000;

/** The message of the page while no figures arrive. */
export const NO_ANSWER = JSON.stringify({
  ok: false,
  code: 'OFFLINE',
  message: 'The dashboard does not answer; trying again. The figures are the last ones received.',
});

/**
 * The server's event stream, opened again when it breaks. `say(name, text)` gets every event as JSON text; besides the
 * server's own: `connection` when the stream breaks, `logout` when the session has ended.
 */
export function createStream(say) {
  let source;
  let names = [];
  let timer;
  /** Number of openings and closings. An answer to a question from before the last one is ignored. */
  let turn = 0;

  function listen(wanted) {
    close();
    names = wanted;
    source = new EventSource('/api/stream');
    for (const name of [...names, 'beat']) {
      source.addEventListener(name, ({ data }) => {
        expectMore();
        say(name, data);
      });
    }
    source.addEventListener('logout', askAgain);
    source.addEventListener('error', onError);
    expectMore();
  }

  function close() {
    turn += 1;
    clearTimeout(timer);
    source?.close();
    source = undefined;
  }

  function expectMore() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      say('connection', NO_ANSWER);
      listen(names);
    }, SILENCE_MS);
  }

  function onError() {
    say('connection', NO_ANSWER);
    // The browser reconnects by itself after a broken connection, but not after a refusal.
    if (source?.readyState !== EventSource.CLOSED) return;
    close();
    timer = setTimeout(askAgain, RETRY_MS);
  }

  /** The session of this stream may have ended while a newer one is open: another tab logged in since. */
  async function askAgain() {
    close();
    const asked = turn;
    const loggedIn = await isLoggedIn();
    if (turn !== asked) return;
    if (loggedIn === false) say('logout', '{}');
    else listen(names);
  }

  return { listen, close, isOpen: () => source !== undefined };
}
