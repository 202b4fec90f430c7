/** Maximum wait for an answer: a request may hang on a dead connection. */
const ANSWER_MS = 5_000;

/** Maximum wait for a login, which may queue behind wrong guesses from the same address. */
export const LOGIN_ANSWER_MS = 120_000;

/** Posts JSON. Never throws: returns a failure as `{ ok: false, body: { code, message, action } }`. */
export async function send(path, body, answerMs = 2 * ANSWER_MS) {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(answerMs),
    });
    return { ok: response.ok, status: response.status, body: await response.json() };
  } catch (error) {
    const message = `The dashboard does not answer (${error.message}).`;
    return {
      ok: false,
      status: 0,
      body: { code: 'OFFLINE', message, action: 'Check whether it is running: npm run status.' },
    };
  }
}

/** True, false, or undefined if the dashboard does not answer. */
export async function isLoggedIn() {
  try {
    const { status } = await fetch('/api/state', { signal: AbortSignal.timeout(ANSWER_MS) });
    return status !== 401;
  } catch {
    return undefined;
  }
}
