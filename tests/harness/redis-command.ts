import { connect } from 'node:net';

const ANSWER_MS = 5_000;

/**
 * Sends one command over a plain connection, without the checks of a bus; resolves to the raw reply.
 * @param password of the server; undefined: sends none
 */
export function redisCommand(port: number, command: readonly string[], password?: string): Promise<string> {
  const login = password === undefined ? '' : wireForm(['AUTH', password]);
  let answer = '';
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(login + wireForm(command)));
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`redis did not answer ${command[0]}`)));
    socket.setEncoding('utf8');
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`redis closed the connection of ${command[0]}`)));
    socket.on('data', (text) => {
      answer += text;
      const reply = login === '' ? answer : answer.replace(/^\+OK\r\n/, '');
      if (reply === '') return;
      resolve(reply);
      socket.destroy();
    });
  });
}

function wireForm(command: readonly string[]): string {
  const parts = command.map((text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`);
  return `*${command.length}\r\n${parts.join('')}`;
}
