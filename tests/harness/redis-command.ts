import { connect } from 'node:net';

const ANSWER_MS = 5_000;

/** Sends one command over a bare connection, past everything that checks what is written; resolves to the raw reply. */
export function redisCommand(port: number, command: readonly string[]): Promise<string> {
  const parts = command.map((text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`*${command.length}\r\n${parts.join('')}`));
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`redis did not answer ${command[0]}`)));
    socket.setEncoding('utf8');
    socket.on('error', reject);
    socket.on('data', (reply) => {
      resolve(String(reply));
      socket.destroy();
    });
  });
}
