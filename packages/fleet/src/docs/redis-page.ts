import { Channels, Lists, Maps, Rankings, Records, Streams, Values } from '@helios/shared/contracts/catalog.ts';
import type { AnyEntry } from '@helios/shared/contracts/entry.ts';
import { shapeOf } from '@helios/shared/contracts/shape-of.ts';
import { TRIAL_KEYS } from '@helios/shared/contracts/trial-keys.ts';

const HEAD = `# What goes over Redis

<!-- Generated from the catalog by "npm run docs". Change the entries in packages/shared/src/contracts, not this file. -->

Every name with its writers and readers; \`fleet\` is the mode resolver and the supervisor. Replace a \`{hole}\` by a value. Documents are JSON with snake_case fields; \`?\` marks
fields that may be absent. Prices and quantities from the venue are decimal strings; \`…_ts\` and \`ts_…\` are epoch milliseconds. Read any of it with \`npm run redis -- LRANGE decision_logs 0 9\`.`;

const GROUPS: readonly { readonly title: string; readonly about: string; readonly entries: readonly AnyEntry[] }[] = [
  {
    title: 'Channels',
    about: 'Notifications (`SUBSCRIBE`): the latest counts, and losing one is harmless.',
    entries: Object.values(Channels),
  },
  {
    title: 'Strings',
    about: 'One JSON document each (`GET`).',
    entries: Object.values(Values),
  },
  {
    title: 'Hashes of one object',
    about: 'One field of the hash per field of the object (`HGETALL`); arrays and objects in it are JSON.',
    entries: Object.values(Records),
  },
  {
    title: 'Hashes of many objects',
    about: 'Field to JSON document (`HGETALL`).',
    entries: Object.values(Maps),
  },
  {
    title: 'Lists',
    about: 'Newest first, capped (`LRANGE`).',
    entries: Object.values(Lists),
  },
  {
    title: 'Streams',
    about:
      'Each reading service has its own consumer group, named after it (`XRANGE`). The document is in the field `message`. A reader that is away loses no message that Redis keeps until every group ' +
      'has read it. Beyond the limit Redis drops the oldest messages; a reader that missed some logs an ERROR with their number.',
    entries: Object.values(Streams),
  },
  {
    title: 'Sorted sets',
    about: 'Member to score (`ZRANGE … WITHSCORES`).',
    entries: Object.values(Rankings),
  },
];

/** docs/redis.md: the catalog, entry by entry. Entries that share a format show it once, at the first entry. */
export function redisPage(): string {
  const shownAt = new Map<unknown, string>();
  const groups = GROUPS.map(({ title, about, entries }) =>
    [`## ${title}`, about, ...entries.map((entry) => entrySection(entry, shownAt))].join('\n\n'),
  );
  return `${[HEAD, overview(), ...groups, searchKeys()].join('\n\n')}\n`;
}

/** The keys of searches are no part of the catalog: they are in another Redis than those of a fleet. */
function searchKeys(): string {
  const rows = Object.values(TRIAL_KEYS).map(({ name, kind, about }) => `| \`${name}\` | ${kind} | ${cell(about)} |`);
  return [
    '## Keys of searches',
    'Written by `npm run optimise -- --queue` and `npm run worker`, in a Redis of their own. The end of a search removes them, and so does any worker a week after its last sign of life.',
    ['| name | kind | holds |', '|--|--|--|', ...rows].join('\n'),
  ].join('\n\n');
}

function overview(): string {
  const rows = GROUPS.flatMap(({ entries }) =>
    entries.map((entry) => `| \`${entry.name}\` | ${KINDS[entry.kind]} | ${cell(entry.about)} |`),
  );
  return ['| name | kind | holds |', '|--|--|--|', ...rows].join('\n');
}

const KINDS: Readonly<Record<AnyEntry['kind'], string>> = {
  channel: 'channel',
  value: 'string',
  record: 'hash',
  map: 'hash',
  list: 'list',
  stream: 'stream',
  ranking: 'sorted set',
};

function entrySection(entry: AnyEntry, shownAt: Map<unknown, string>): string {
  const facts = [
    `- writers: ${names(entry.writers)}`,
    `- readers: ${names(entry.readers)}`,
    ...limits(entry).map((limit) => `- ${limit}`),
  ];
  const schema = entry.kind === 'channel' ? (entry.wire?.schema ?? entry.schema) : entry.schema;
  const earlier = shownAt.get(schema);
  shownAt.set(schema, earlier ?? entry.name);
  const shape =
    earlier === undefined ? `\`\`\`\n${shapeOf(schema)}\n\`\`\`` : `The document is that of \`${earlier}\`.`;
  return [`### \`${entry.name}\``, entry.about, facts.join('\n'), shape].join('\n\n');
}

function limits(entry: AnyEntry): string[] {
  const limit: string[] = [];
  if (entry.kind === 'map') limit.push(`field: ${entry.field}`);
  if (entry.kind === 'list') limit.push(`at most ${entry.maxLength} entries`);
  if (entry.kind === 'stream') {
    const kept = entry.keepsRead === undefined ? '' : `, and the newest ${entry.keepsRead.toLocaleString('en')} longer`;
    const rule = entry.trim === 'read' ? `kept until every group has read them${kept}` : 'the oldest are dropped first';
    limit.push(`${rule}; about ${entry.maxLength} messages at most`);
  }
  if ('ttlSec' in entry && entry.ttlSec !== undefined) {
    const renewed = entry.kind === 'list' ? 'push' : 'write';
    limit.push(`expires ${entry.ttlSec} s after the last ${renewed}`);
  }
  return limit;
}

function names(processes: readonly string[]): string {
  return processes.length === 0 ? 'none' : processes.join(', ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
