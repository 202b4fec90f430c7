import { benchChain } from './chain.ts';
import { benchCore } from './core.ts';
import { benchFleet } from './fleet-load.ts';
import { benchRecording, readFrames } from './frames.ts';
import { benchPublic } from './public.ts';
import { benchReplay } from './replay.ts';
import { printTable, type Row } from './report.ts';
import { benchSentiment } from './sentiment.ts';

/** `npm run bench [-- core chain …]`: measures this machine, now; quote the ratios, not the milliseconds. */
const PARTS: Readonly<Record<string, () => Promise<Row[]>>> = {
  core: async () => {
    const { files, name } = await benchRecording();
    const rows = benchCore(await readFrames(files), 'BTCUSDT');
    return rows.map((row) => ({ ...row, what: `${row.what} (${name})` }));
  },
  chain: () => benchChain(),
  replay: benchReplay,
  sentiment: benchSentiment,
  public: benchPublic,
  'fleet-5': () => benchFleet(5),
  'fleet-100': () => benchFleet(100),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((part) => !(part in PARTS));
if (unknown.length > 0) {
  console.error(
    `bench: there is no part ${unknown.join(', ')}. Parts: ${Object.keys(PARTS).join(', ')}. Without a name all are run.`,
  );
  process.exit(1);
}
const rows: Row[] = [];
for (const [part, run] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(part)) continue;
  console.error(`bench: measuring ${part} …`);
  rows.push(...(await run()));
}
printTable(rows);
process.exit(0);
