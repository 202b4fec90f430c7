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

/** Redis cannot be reached or takes no writes now. It may recover by itself. Nothing was queued for later. */
export class BusUnavailable extends Error {
  readonly code: BusErrorCode;

  constructor(code: BusErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'BusUnavailable';
    this.code = code;
  }
}

/** Redis sent an answer that is impossible for the command. */
export function oddReply({ host, port }: RedisPlace, command: string, reply: unknown): BusUnavailable {
  const shown = (JSON.stringify(reply) ?? String(reply)).slice(0, 60);
  return new BusUnavailable(
    'REDIS_ODD_REPLY',
    `Redis at ${host}:${port} answered ${command} with ${shown}, which Redis never sends. Check what listens on this port: a proxy, or another program. Helios retries by itself.`,
  );
}

/** True if Redis refused a command because a key holds another type. */
export function isWrongType(error: unknown): error is BusFault {
  return error instanceof BusFault && error.code === 'REDIS_WRONG_TYPE';
}

/** Thrown by a handler that cannot handle its message now. The bus delivers the message again. */
export class RetryLater extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'RetryLater';
  }
}

/**
 * Redis refused the request itself, so waiting does not help. REDIS_WRONG_TYPE: a key holds another type than ours and must be
 * replaced. REDIS_REQUEST: any other refusal; the keys are valid.
 */
export class BusFault extends Error {
  readonly code: 'REDIS_REQUEST' | 'REDIS_WRONG_TYPE';

  constructor(message: string, code: BusFault['code'] = 'REDIS_REQUEST') {
    super(message);
    this.name = 'BusFault';
    this.code = code;
  }
}

/** A service cannot start with its settings or files, and a restart does not help. The message says why and what to do. */
export class HopelessStart extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'HopelessStart';
  }
}

/** Something outside blocks the start, and a later start may succeed. The message says what, why and what to do. */
export class StartBlocked extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StartBlocked';
  }
}

/** Host and port of Redis, for messages. */
export interface RedisPlace {
  readonly host: string;
  readonly port: number;
}

interface Answer {
  readonly pattern: RegExp;
  readonly code: BusErrorCode;
  readonly what: (at: string) => string;
}

/** Meaning and advice for each answer of Redis or the network. The first match counts. */
const ANSWERS: readonly Answer[] = [
  {
    pattern: /WRONGPASS|NOAUTH|invalid password/i,
    code: 'REDIS_AUTH',
    what: (at) =>
      `Redis at ${at} refused the password. Set REDIS_PASSWORD (or redis_password in [system]) to the password of this Redis, and REDIS_USERNAME if it needs a user name.`,
  },
  {
    pattern: /^(CROSSSLOT|MOVED|ASK|CLUSTERDOWN)\b/,
    code: 'REDIS_CLUSTER',
    what: (at) =>
      `Redis at ${at} is part of a cluster. Helios cannot use a cluster, because it writes several keys in one step. Set REDIS_HOST and REDIS_PORT to a single Redis.`,
  },
  {
    pattern: /^NOPERM\b/,
    code: 'REDIS_PERMISSION',
    what: (at) =>
      `Redis at ${at} does not allow this user a command that Helios needs. Give the user all commands, keys and channels (ACL SETUSER <name> +@all ~* &*), or set REDIS_USERNAME and REDIS_PASSWORD to a user that has them.`,
  },
  {
    pattern: /certificate|self.signed|wrong version number|SSL routines|TLS connection/i,
    code: 'REDIS_TLS',
    what: (at) =>
      `The encrypted connection to Redis at ${at} failed. Set REDIS_TLS=true only if this port uses TLS, and REDIS_TLS_CA to the file of its certificate authority unless that is a public one.`,
  },
  {
    pattern: /\bLOADING\b/,
    code: 'REDIS_LOADING',
    what: (at) =>
      `Redis at ${at} is still loading its data from disk. Nothing to do: Helios continues when it is done.`,
  },
  {
    pattern: /\bREADONLY\b/,
    code: 'REDIS_READONLY',
    what: (at) =>
      `Redis at ${at} is a read-only replica and takes no writes. Set REDIS_HOST and REDIS_PORT to the primary.`,
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
      `Redis at ${at} cannot write its file, so it takes no writes. Most likely the disk is full. Free disk space where Redis keeps its data; Helios then continues by itself.`,
  },
  {
    pattern: /timed out|ETIMEDOUT/i,
    code: 'REDIS_TIMEOUT',
    what: (at) =>
      `Redis at ${at} did not answer in time. Check whether its process or the machine is overloaded or stopped. Helios reconnects by itself.`,
  },
];

/** A command's name and its arguments. */
type SentCommand = readonly [name: string, ...args: unknown[]];

/**
 * Translates an error of ioredis or the network into one with cause and advice.
 * `sent`: the failed command, used if the error does not name it.
 */
export function busErrorOf(error: unknown, place: RedisPlace, sent?: SentCommand): BusUnavailable | BusFault {
  if (error instanceof BusUnavailable || error instanceof BusFault) return error;
  const root = firstCause(error);
  const said = root instanceof Error ? root.message : String(root);
  const at = `${place.host}:${place.port}`;
  // The error of a reply contains the command's arguments, possibly the password of AUTH, so it is not kept as cause.
  const options = isReply(root) ? {} : { cause: root };
  const answer = ANSWERS.find(({ pattern }) => pattern.test(said));
  if (answer) return new BusUnavailable(answer.code, `${answer.what(at)} (${said})`, options);
  if (isReply(root)) {
    if (!said.includes('WRONGTYPE')) return new BusFault(`Redis at ${at} refused a command: ${said}.`);
    const keys = keysOf(commandOf(root) ?? sent);
    if (keys.length === 0) return new BusFault(`Redis at ${at} refused a command: ${said}.`, 'REDIS_WRONG_TYPE');
    // After a read of several keys the damaged one is unknown, so the advice must not name a valid key.
    const damaged = keys.length === 1 ? keys[0] : '<key>';
    return new BusFault(
      `Redis at ${at} refused the key ${keys.join(' or ')}: ${said}. A program or person overwrote it with another type. Delete it (npm run redis -- DEL ${damaged}); Helios then writes it again.`,
      'REDIS_WRONG_TYPE',
    );
  }
  return new BusUnavailable(
    'REDIS_UNAVAILABLE',
    `Redis at ${at} cannot be reached (${said}). Start it, or correct REDIS_HOST and REDIS_PORT. Helios reconnects by itself.`,
    options,
  );
}

/** The error behind a discarded transaction: that of its first failed command. */
function firstCause(error: unknown): unknown {
  const { previousErrors } = (error ?? {}) as { previousErrors?: unknown };
  return Array.isArray(previousErrors) && previousErrors.length > 0 ? previousErrors[0] : error;
}

/** The command of an error reply, as ioredis stores it. */
function commandOf(reply: unknown): SentCommand | undefined {
  const { command } = reply as { command?: { name: string; args: readonly unknown[] } };
  return command && [command.name, ...command.args];
}

/** The keys of a command. Other arguments are left out, because they may be secret. */
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

/** True for an error reply of Redis itself. */
function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}
