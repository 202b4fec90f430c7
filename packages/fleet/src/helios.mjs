#!/usr/bin/env node
import { resolve } from 'node:path';
import { USAGE_EXIT_CODE } from '@helios/shared/runtime/cli/command-line.mjs';
import { COMMAND_SPECS } from '@helios/shared/runtime/cli/command-specs.mjs';

/** `helios COMMAND` in a container: the commands that need no terminal. Only execution-manager and the mode resolver have the key for doctor and panic. */
const SCRIPTS = {
  status: 'status.ts',
  config: 'print-config.ts',
  logs: 'show-logs.ts',
  doctor: 'doctor/doctor.ts',
  panic: 'panic/panic.ts',
};

const [name = '', ...args] = process.argv.slice(2);
const script = Object.entries(SCRIPTS).find(([command]) => command === name)?.[1];
if (script === undefined) {
  const commands = /** @type {(keyof typeof SCRIPTS)[]} */ (Object.keys(SCRIPTS));
  console.log(commands.map((command) => `  helios ${command.padEnd(8)} ${COMMAND_SPECS[command].about}`).join('\n'));
  process.exitCode = ['', '--help', '-h', 'help'].includes(name) ? 0 : USAGE_EXIT_CODE;
} else {
  const path = resolve(import.meta.dirname, script);
  process.argv = [process.execPath, path, ...args];
  await import(path);
}
