import { parseArgs } from 'node:util';
import { nearestHint } from './nearest-name.mjs';

/**
 * The command line of every Helios command. Plain JavaScript: the launcher reads it on Node 18 before anything is installed.
 *
 * @typedef {object} OptionSpec
 * @property {string} about one line about the meaning
 * @property {string} [value] name of its value in the help; an option without one is a switch
 * @property {string} [short] one letter
 * @property {boolean} [many] may be given several times
 * @property {boolean} [optional] its value may be missing
 * @property {boolean} [following] takes all arguments up to the next option; implies `many`
 *
 * @typedef {object} CommandSpec
 * @property {string} about what the command does
 * @property {Readonly<Record<string, OptionSpec>>} options without `help`, which every command has
 * @property {{ name: string, about: string, max?: number }} [words] arguments that are not options
 * @property {readonly string[]} examples arguments only
 * @property {string} [program] gets every argument unchanged, except a single `--help`
 */

/** The command line is invalid. The message says what is wrong and where the help is; the exit code is 2. */
export class CommandLineError extends Error {
  /** @param {readonly string[]} lines */
  constructor(lines) {
    super(lines.join('\n'));
    this.name = 'CommandLineError';
  }
}

/** Exit code of an invalid command line. */
export const USAGE_EXIT_CODE = 2;

/** Commands that npm runs without `run`. */
const SHORT_IN_NPM = ['start', 'stop', 'test'];

/**
 * How the operator types a command here: with npm, or with `helios` in a container.
 * @param {string} name
 * @param {string} [args]
 */
export function typedCommand(name, args = '') {
  if (process.env.HELIOS_IN_CONTAINER === 'true') return `helios ${name} ${args}`.trimEnd();
  const npm = SHORT_IN_NPM.includes(name) ? `npm ${name}` : `npm run ${name}`;
  return args === '' ? npm : `${npm} -- ${args}`;
}

/** The arguments of a command. */
export class CommandLine {
  /** @type {Map<string, string[]>} */
  #values;

  /**
   * @param {string} command
   * @param {Map<string, string[]>} values by option; a switch has no value
   * @param {readonly string[]} words
   */
  constructor(command, values, words) {
    this.command = command;
    this.words = words;
    this.#values = values;
  }

  /** @param {string} option */
  has(option) {
    return this.#values.has(option);
  }

  /**
   * The value of an option, the last one if it was given several times.
   * @param {string} option
   * @returns {string | undefined}
   */
  text(option) {
    return this.#values.get(option)?.at(-1);
  }

  /**
   * Every value of an option.
   * @param {string} option
   * @returns {readonly string[]}
   */
  texts(option) {
    return this.#values.get(option) ?? [];
  }

  /**
   * @param {string} option
   * @param {{ fallback: number, min: number, max: number, whole?: boolean }} bounds inclusive
   * @returns {number}
   */
  number(option, { fallback, min, max, whole = false }) {
    const text = this.text(option);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
    throw this.problem(`--${option} must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}, not “${text}”.`);
  }

  /**
   * Makes an error about this command line; the caller throws it.
   * @param {string} what
   */
  problem(what) {
    return problemIn(this.command, what);
  }
}

/**
 * @param {string} command
 * @param {readonly string[]} lines
 */
function problemIn(command, ...lines) {
  return new CommandLineError([...lines, `All options: ${typedCommand(command, '--help')}`]);
}

/**
 * Parses the arguments of a command.
 * @param {string} command its name
 * @param {CommandSpec} spec
 * @param {readonly string[]} args
 * @returns {CommandLine}
 * @throws {CommandLineError} for an unknown option (names the nearest), a missing or superfluous value, or a stray word
 */
export function parseCommandLine(command, spec, args) {
  /** @type {Record<string, OptionSpec>} */
  const known = { ...spec.options, help: { about: '', short: 'h' } };
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(Object.entries(known).map(([name, option]) => [name, forParseArgs(option)])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  /** @type {Map<string, string[]>} */
  const values = new Map();
  /** @type {string[]} */
  const words = [];
  /** @type {string | undefined} option that takes the following arguments */
  let open;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') open = undefined;
    if (token.kind === 'positional') {
      (open === undefined ? words : (values.get(open) ?? [])).push(token.value);
      if (open !== undefined && !known[open]?.following) open = undefined;
    }
    if (token.kind !== 'option') continue;
    const option = known[token.name];
    if (option === undefined || !Object.hasOwn(known, token.name)) throw unknownOption(command, token.rawName, known);
    const value = optionValue(command, option, token);
    const before = values.get(token.name);
    if (before !== undefined && !option.many && !option.following && before[0] !== value) {
      throw problemIn(command, `${token.rawName} is given twice.`);
    }
    values.set(token.name, [...(before ?? []), ...(value === undefined ? [] : [value])]);
    // A value that may be missing is not taken by the option: it follows as a word.
    open = option.following || (option.optional && value === undefined) ? token.name : undefined;
  }
  if (!values.has('help')) checkWords(command, spec, words);
  return new CommandLine(command, values, words);
}

/**
 * @param {OptionSpec} option
 * @returns {import('node:util').ParseArgsOptionDescriptor}
 */
const forParseArgs = (option) => ({
  type: option.value === undefined || option.optional ? 'boolean' : 'string',
  ...(option.short === undefined ? {} : { short: option.short }),
});

/**
 * @param {string} command
 * @param {OptionSpec} option
 * @param {{ rawName: string, value?: string | undefined, inlineValue?: boolean | undefined }} token
 * @returns {string | undefined}
 */
function optionValue(command, option, { rawName, value, inlineValue }) {
  if (option.value === undefined) {
    if (value === undefined) return undefined;
    throw problemIn(command, `${rawName} takes no value.`);
  }
  if (option.optional && value === undefined) return undefined;
  const isOption = inlineValue !== true && value?.startsWith('-') === true && value !== '-';
  if (value === undefined || value === '' || isOption) {
    throw problemIn(command, `${rawName} needs a value: ${rawName} ${option.value}.`);
  }
  return value;
}

/**
 * @param {string} command
 * @param {string} typed
 * @param {Record<string, OptionSpec>} known
 */
function unknownOption(command, typed, known) {
  const hint = nearestHint(typed.replace(/^-+/, ''), Object.keys(known), (name) => `--${name}`);
  return problemIn(command, `“${typed}” is not an option of ${typedCommand(command)}.${hint}`);
}

/**
 * @param {string} command
 * @param {CommandSpec} spec
 * @param {readonly string[]} words
 */
function checkWords(command, { words: allowed }, words) {
  const max = allowed === undefined ? 0 : (allowed.max ?? Number.POSITIVE_INFINITY);
  const stray = words[max];
  if (stray === undefined) return;
  const takes = allowed === undefined ? 'takes options only' : `takes at most ${max} ${allowed.name}`;
  throw problemIn(command, `“${stray}” is one argument too many: ${typedCommand(command)} ${takes}.`);
}

/**
 * The help of one command.
 * @param {string} command
 * @param {CommandSpec} spec
 * @returns {string}
 */
export function helpOf(command, spec) {
  const words = spec.words === undefined ? '' : `[${spec.words.name}${spec.words.max === 1 ? '' : '…'}]`;
  const options = Object.keys(spec.options).length === 0 ? '' : '[OPTIONS]';
  const usage = typedCommand(command, [options, words, spec.program && '…'].filter(Boolean).join(' '));
  const rows = Object.entries(spec.options).map(([name, option]) => [optionText(name, option), option.about]);
  if (spec.words !== undefined) rows.unshift([spec.words.name, spec.words.about]);
  rows.push(['--help, -h', 'show this']);
  const width = Math.max(...rows.map(([left]) => left?.length ?? 0));
  return [
    `${usage}`,
    `  ${spec.about}`,
    '',
    ...rows.map(([left = '', right]) => `  ${left.padEnd(width)}  ${right}`),
    ...(spec.program === undefined ? [] : ['', `All other arguments go to ${spec.program} unchanged.`]),
    '',
    'Example:',
    ...spec.examples.map((args) => `  ${typedCommand(command, args)}`),
  ].join('\n');
}

/**
 * @param {string} name
 * @param {OptionSpec} option
 */
function optionText(name, { value, short, following, optional }) {
  const names = short === undefined ? `--${name}` : `--${name}, -${short}`;
  if (value === undefined) return names;
  return optional ? `${names} [${value}]` : `${names} ${value}${following ? '…' : ''}`;
}
