import { resolve } from 'node:path';
import { type CommandLine, typedCommand } from '@helios/shared/runtime/cli/command-line.mjs';
import { printable } from '@helios/shared/runtime/cli/printable.ts';
import { runCommand } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { endOf, followLog, logFilesOf, readLogFiles } from './log-files.ts';
import { isShown, type LogFilter, readLogFilter } from './log-filter.ts';
import { formatLogLine, parseLogLine } from './log-line.ts';
import { StartRefused } from './start-refused.ts';

const DEFAULT_LINES = 100;
const MAX_LINES = 1_000_000;

/** `npm run logs`: the log of all services for people, oldest line first. */
async function main(line: CommandLine): Promise<number> {
  const root = resolve(import.meta.dirname, '../../..');
  const { system } = loadSettings({ env: process.env, root }).settings;
  const path = resolve(root, system.log_dir, 'helios.log');
  const filter = readLogFilter(line, Date.now());
  const fallback = line.has('since') ? MAX_LINES : DEFAULT_LINES;
  const max = line.number('lines', { fallback, min: 1, max: MAX_LINES, whole: true });
  const print = (text: string) => console.log(line.has('raw') ? printable(text) : readable(text));
  // `npm run logs | head` closes our output. This is a normal end.
  process.stdout.on('error', () => process.exit(0));
  const files = logFilesOf(path, system.log_keep);
  if (files.length === 0 && !line.has('follow')) {
    throw new StartRefused([
      process.env['HELIOS_IN_CONTAINER'] === 'true'
        ? 'No service has logged a WARN or ERROR yet. In containers this command shows only those; docker-compose logs shows every line.'
        : `There is no log at ${path}: no fleet has run with these settings yet.`,
      `  • Wait for the first line: ${typedCommand('logs', '--follow')}`,
    ]);
  }
  const end = endOf(path);
  for (const text of await newestOf(readLogFiles(files, end), filter, max)) print(text);
  if (!line.has('follow')) return 0;
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  for await (const text of followLog(path, end, stop.signal)) if (matches(text, filter)) print(text);
  return 0;
}

/** The newest lines that pass the filter, oldest first. */
async function newestOf(log: AsyncIterable<string>, filter: LogFilter, max: number): Promise<string[]> {
  let lines: string[] = [];
  for await (const text of log) {
    if (!matches(text, filter)) continue;
    lines.push(text);
    if (lines.length >= 2 * max) lines = lines.slice(-max);
  }
  return lines.slice(-max);
}

/** Foreign lines appear only without a filter. */
function matches(text: string, filter: LogFilter): boolean {
  const line = parseLogLine(text);
  if (line !== undefined) return isShown(line, filter);
  return text.trim() !== '' && filter.services.length === 0 && filter.level === 'DEBUG' && filter.since < 0;
}

function readable(text: string): string {
  const line = parseLogLine(text);
  return line === undefined ? printable(text) : formatLogLine(line);
}

await runCommand('logs', main);
