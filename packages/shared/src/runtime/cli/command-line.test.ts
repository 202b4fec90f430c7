import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CommandLineError, type CommandSpec, helpOf, parseCommandLine } from './command-line.mjs';
import { COMMAND_SPECS, type CommandName } from './command-specs.mjs';
import { readCommandLine } from './run-command.ts';

const NAMES = Object.keys(COMMAND_SPECS) as CommandName[];

describe('a command line', () => {
  const parse = (...args: string[]) => readCommandLine('logs', args);

  test('gives the values of its options', () => {
    const line = parse('--follow', '--service', 'redis', '--service=fleet', '--lines', '7');
    expect(line.has('follow')).toBe(true);
    expect(line.texts('service')).toEqual(['redis', 'fleet']);
    expect(line.number('lines', { fallback: 100, min: 1, max: 1_000, whole: true })).toBe(7);
    expect(line.number('missing', { fallback: 100, min: 1, max: 1_000 })).toBe(100);
    expect(parse('-f').has('follow')).toBe(true);
    expect(line.text('level')).toBeUndefined();
  });

  test.each([
    [['--folow'], '“--folow” is not an option of npm run logs. The nearest is --follow.'],
    [['-x'], '“-x” is not an option of npm run logs.'],
    [['--constructor'], '“--constructor” is not an option of npm run logs.'],
    [['--level'], '--level needs a value: --level LEVEL.'],
    [['--level', '--follow'], '--level needs a value: --level LEVEL.'],
    [['--level='], '--level needs a value: --level LEVEL.'],
    [['--follow=yes'], '--follow takes no value.'],
    [['--level', 'warn', '--level', 'info'], '--level is given twice.'],
    [['warn'], '“warn” is one argument too many: npm run logs takes options only.'],
  ])('%j is rejected with a clear message', (args, message) => {
    expect(() => parse(...args)).toThrow(CommandLineError);
    expect(() => parse(...args)).toThrow(message);
    expect(() => parse(...args)).toThrow('All options: npm run logs -- --help');
  });

  test.each(['', ' ', 'x', '0', '1001', '1.5'])('a number that is “%s” is rejected', (text) => {
    const line = parse(`--lines=${text === '' ? ' ' : text}`);
    const read = () => line.number('lines', { fallback: 100, min: 1, max: 1_000, whole: true });
    expect(read).toThrow('--lines must be a whole number from 1 to 1000');
  });

  test('an option that takes all following arguments ends at the next option or at --', () => {
    const line = (...args: string[]) => readCommandLine('start', args).texts('replay');
    expect(line('--replay', 'a', 'b', '--exit')).toEqual(['a', 'b']);
    expect(line('--replay', 'a', '--exit', '--replay', 'b')).toEqual(['a', 'b']);
    expect(() => line('--replay', 'a', '--exit', 'b')).toThrow('“b” is one argument too many');
  });

  test('superfluous arguments are rejected', () => {
    const spec: CommandSpec = { about: '', options: {}, words: { name: 'FOLDER', about: '', max: 1 }, examples: [] };
    expect(parseCommandLine('docs', spec, ['a']).words).toEqual(['a']);
    expect(() => parseCommandLine('docs', spec, ['a', 'b'])).toThrow('“b” is one argument too many');
  });
});

describe.each(NAMES)('%s', (name) => {
  test('has a help with every option, its meaning and an example', () => {
    const help = helpOf(name, COMMAND_SPECS[name]);
    for (const [option, { about }] of Object.entries(COMMAND_SPECS[name].options)) {
      expect(help).toContain(`--${option}`);
      expect(about.length).toBeGreaterThan(5);
      expect(help).toContain(about);
    }
    expect(help).toContain('--help, -h');
    expect(help).toMatch(/Example:\n {2}npm /);
  });

  test('understands its own examples', () => {
    for (const example of COMMAND_SPECS[name].examples) {
      if (COMMAND_SPECS[name].program !== undefined) continue;
      expect(() => readCommandLine(name, example.split(' ').filter(Boolean))).not.toThrow();
    }
  });
});

test('package.json, the launcher and the table of commands have the same names', async () => {
  const root = resolve(import.meta.dirname, '../../../../..');
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { COMMANDS } = await import(join(root, 'scripts/launcher/commands.mjs'));
  expect(Object.keys(scripts).toSorted()).toEqual(NAMES.toSorted());
  expect(Object.keys(COMMANDS).toSorted()).toEqual(NAMES.toSorted());
});
