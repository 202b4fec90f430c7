import { FrameRecorder } from '@helios/market-data/record/frame-recorder.ts';

/** Records made-up trades at 200 a second until the process is killed: `record-generated.ts FOLDER`. */
const [folder = ''] = process.argv.slice(2);
const recorder = new FrameRecorder({
  folder,
  limits: { maxBytes: 1e9, maxAgeMs: 1e9, minFreeBytes: 0 },
  now: Date.now,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  stop: new AbortController().signal,
  log: {
    debug() {},
    info() {},
    warn() {},
    error: (fields, message) => console.log(JSON.stringify({ ...fields, message })),
  },
});
void recorder.run();
let id = 0;
setInterval(() => {
  for (let i = 0; i < 20; i += 1) {
    id += 1;
    const now = Date.now();
    // Digits that do not compress, so that the file grows fast.
    const noise = String(Math.abs(Math.sin(id))).slice(2);
    const data = { e: 'trade', E: now, T: now, s: 'BTCUSDT', t: id, p: `1.${noise}`, q: '1', X: 'MARKET', m: false };
    recorder.take(JSON.stringify({ stream: 'btcusdt@trade', data }));
  }
}, 100);
