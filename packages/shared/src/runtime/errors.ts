/** Why Redis could not be used. */
export type BusErrorCode =
  | 'REDIS_UNAVAILABLE'
  | 'REDIS_TIMEOUT'
  | 'REDIS_AUTH'
  | 'REDIS_LOADING'
  | 'REDIS_READONLY'
  | 'REDIS_OUT_OF_MEMORY'
  | 'REDIS_DISK'
  | 'REDIS_CLUSTER'
  | 'REDIS_PERMISSION'
  | 'REDIS_TLS'
  | 'REDIS_ODD_REPLY';

/** Redis cannot be reached or takes no writes now; it may heal by itself. Nothing was queued for later. */
export class BusUnavailable extends Error {
  readonly code: BusErrorCode;

  constructor(code: BusErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'BusUnavailable';
    this.code = code;
  }
}

/** Redis answered with something that the command never answers with. */
export function oddReply({ host, port }: RedisPlace, command: string, reply: unknown): BusUnavailable {
  const shown = (JSON.stringify(reply) ?? String(reply)).slice(0, 60);
  return new BusUnavailable(
    'REDIS_ODD_REPLY',
    `Redis at ${host}:${port} answered ${command} with ${shown}, which no Redis does. Look what listens there: a proxy between Helios and Redis, or another program. It is asked again by itself.`,
  );
}

/** True where Redis refused a command because a key holds another type. */
export function isWrongType(error: unknown): error is BusFault {
  return error instanceof BusFault && error.code === 'REDIS_WRONG_TYPE';
}

/** A handler cannot deal with its message now, for want of something outside: it is to be handed over again. */
export class RetryLater extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'RetryLater';
  }
}

/**
 * Redis answered, but the request itself is wrong: waiting does not help. REDIS_WRONG_TYPE: a key holds another type than ours,
 * so only a new key helps. REDIS_REQUEST: anything else; the keys are sound.
 */
export class BusFault extends Error {
  readonly code: 'REDIS_REQUEST' | 'REDIS_WRONG_TYPE';

  constructor(message: string, code: BusFault['code'] = 'REDIS_REQUEST') {
    super(message);
    this.name = 'BusFault';
    this.code = code;
  }
}

/** What a service was given to work on is no good, however often it is started; the message says why and what to do. */
export class HopelessStart extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'HopelessStart';
  }
}

/** Something outside stands in the way of a start; the message says what, why and what to do. A later start may succeed. */
export class StartBlocked extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StartBlocked';
  }
}

/** Host and port as in messages. */
export interface RedisPlace {
  readonly host: string;
  readonly port: number;
}

interface Answer {
  readonly pattern: RegExp;
  readonly code: BusErrorCode;
  readonly what: (at: string) => string;
}

/** What Redis or the network says, what it means, and what to do. First match wins. */
const ANSWERS: readonly Answer[] = [
  {
    pattern: /WRONGPASS|NOAUTH|invalid password/i,
    code: 'REDIS_AUTH',
    what: (at) =>
      `Redis at ${at} refused the password. Set REDIS_PASSWORD (or redis_password in [system]) to the password this Redis was started with, and REDIS_USERNAME where it wants a user name.`,
  },
  {
    pattern: /^(CROSSSLOT|MOVED|ASK|CLUSTERDOWN)\b/,
    code: 'REDIS_CLUSTER',
    what: (at) =>
      `Redis at ${at} is part of a cluster, which Helios cannot use: it writes several keys in one step. Set REDIS_HOST and REDIS_PORT to a single Redis.`,
  },
  {
    pattern: /^NOPERM\b/,
    code: 'REDIS_PERMISSION',
    what: (at) =>
      `Redis at ${at} does not let this user run a command that Helios needs. Give the user all commands, keys and channels (ACL SETUSER <name> +@all ~* &*), or set REDIS_USERNAME and REDIS_PASSWORD to one that has them.`,
  },
  {
    pattern: /certificate|self.signed|wrong version number|SSL routines|TLS connection/i,
    code: 'REDIS_TLS',
    what: (at) =>
      `No encrypted connection to Redis at ${at} comes about. Set REDIS_TLS to what this port speaks, and REDIS_TLS_CA to the file of its certificate authority where that is not a public one.`,
  },
  {
    pattern: /\bLOADING\b/,
    code: 'REDIS_LOADING',
    what: (at) => `Redis at ${at} is still loading its data from disk. It will answer by itself; nothing to do.`,
  },
  {
    pattern: /\bREADONLY\b/,
    code: 'REDIS_READONLY',
    what: (at) =>
      `Redis at ${at} is a read-only replica and takes no writes. Point REDIS_HOST and REDIS_PORT to the primary.`,
  },
  {
    pattern: /\bOOM\b/,
    code: 'REDIS_OUT_OF_MEMORY',
    what: (at) =>
      `Redis at ${at} has reached its memory limit and takes no writes. Raise its maxmemory (redis-cli CONFIG SET maxmemory 512mb) or free memory on the machine.`,
  },
  {
    pattern: /MISCONF|No space left/i,
    code: 'REDIS_DISK',
    what: (at) =>
      `Redis at ${at} cannot write its file, so it takes no writes; most likely the disk is full. Free disk space where Redis keeps its data; it goes on by itself.`,
  },
  {
    pattern: /timed out|ETIMEDOUT/i,
    code: 'REDIS_TIMEOUT',
    what: (at) =>
      `Redis at ${at} did not answer in time. Look whether its process or the machine is overloaded or stopped; the connection is tried again by itself.`,
  },
];

/** A command's name and its arguments. */
type SentCommand = readonly [name: string, ...args: unknown[]];

/**
 * Translates what ioredis or the network reported into an error with cause and way out.
 * `sent`: the command it is about, where the error itself does not tell.
 */
export function busErrorOf(error: unknown, place: RedisPlace, sent?: SentCommand): BusUnavailable | BusFault {
  if (error instanceof BusUnavailable || error instanceof BusFault) return error;
  const root = firstCause(error);
  const said = root instanceof Error ? root.message : String(root);
  const at = `${place.host}:${place.port}`;
  // A reply's error carries the command with its arguments, the password of AUTH among them: it goes no further.
  const options = isReply(root) ? {} : { cause: root };
  const answer = ANSWERS.find(({ pattern }) => pattern.test(said));
  if (answer) return new BusUnavailable(answer.code, `${answer.what(at)} (${said})`, options);
  if (isReply(root)) {
    if (!said.includes('WRONGTYPE')) return new BusFault(`Redis at ${at} refused a command: ${said}.`);
    const keys = keysOf(commandOf(root) ?? sent);
    if (keys.length === 0) return new BusFault(`Redis at ${at} refused a command: ${said}.`, 'REDIS_WRONG_TYPE');
    // A read of several does not tell which one it was: nobody is led to delete a good one.
    const damaged = keys.length === 1 ? keys[0] : '<key>';
    return new BusFault(
      `Redis at ${at} refused the key ${keys.join(' or ')}: ${said}. It was overwritten with another type; delete it (npm run redis -- DEL ${damaged}), and it is written again.`,
      'REDIS_WRONG_TYPE',
    );
  }
  return new BusUnavailable(
    'REDIS_UNAVAILABLE',
    `Redis at ${at} cannot be reached (${said}). Start it, or correct REDIS_HOST and REDIS_PORT; the connection is tried again by itself.`,
    options,
  );
}

/** Of a discarded transaction: what was wrong with its first command. */
function firstCause(error: unknown): unknown {
  const { previousErrors } = (error ?? {}) as { previousErrors?: unknown };
  return Array.isArray(previousErrors) && previousErrors.length > 0 ? previousErrors[0] : error;
}

/** The command that an error line answers, as the client library notes it. */
function commandOf(reply: unknown): SentCommand | undefined {
  const { command } = reply as { command?: { name: string; args: readonly unknown[] } };
  return command && [command.name, ...command.args];
}

/** Keys of a command that Redis refused for their type. No other argument is shown: it may be a secret. */
function keysOf(command: SentCommand | undefined): string[] {
  if (!command) return [];
  const [name, ...args] = command;
  switch (name.toLowerCase()) {
    case 'xgroup':
    case 'xinfo':
      return args.slice(1, 2).map(String);
    case 'xreadgroup': {
      const names = args.slice(args.indexOf('STREAMS') + 1);
      return names.slice(0, names.length / 2).map(String);
    }
    default:
      return args.slice(0, 1).map(String);
  }
}

/** True for an error line that Redis itself sent. */
function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}
