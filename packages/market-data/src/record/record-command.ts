import { setMaxListeners } from 'node:events';
import { access, constants } from 'node:fs/promises';
import { depth } from '@helios/binance/rest/endpoints/depth.ts';
import { createPublicRest, type PublicRest } from '@helios/binance/rest/public-rest.ts';
import { RateGovernor } from '@helios/binance/rest/rate-governor.ts';
import { restUrlOf } from '@helios/binance/rest/venue-hosts.ts';
import { MarketStreams } from '@helios/binance/streams/market-streams.ts';
import { streamUrlOf } from '@helios/binance/streams/stream-hosts.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { printable } from '@helios/shared/runtime/cli/printable.ts';
import { runCommand } from '@helios/shared/runtime/cli/run-command.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { createHttpClient } from '@helios/shared/runtime/http-client.ts';
import { makeFolder } from '@helios/shared/runtime/make-folder.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { createThrottledLog } from '@helios/shared/runtime/throttled-log.ts';
import { waitFor } from '@helios/shared/runtime/wait-for.ts';
import { FrameRecorder, type RecorderCounts } from './frame-recorder.ts';
import { MarketRecording } from './market-recording.ts';
import { type RecordOptions, readRecordOptions } from './record-options.ts';
import { VenueRecording } from './venue-recording.ts';

const REPORT_MS = 60_000;
const TIMEOUT_MS = 5_000;
const MAX_WAITS = 1_000;

/** `npm run record`: records the venue's public streams until Ctrl-C, or for some minutes. */
async function main(line: CommandLine): Promise<number> {
  const options = readRecordOptions(line, process.env);
  await makeFolder(options.folder);
  await access(options.folder, constants.W_OK);
  const stop = new AbortController();
  setMaxListeners(MAX_WAITS, stop.signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  const { recorder, recording, rest, close } = openRecorder(options, stop.signal);
  try {
    await refuseUnknown(rest, options.symbols);
    console.log(`Recording ${options.symbols.join(', ')} into ${options.folder}`);
    recording.follow(options.symbols);
    const end = setTimeout(() => stop.abort(), options.lastsMs);
    await Promise.all([recording.run(), report(recorder, stop.signal)]);
    clearTimeout(end);
  } finally {
    close();
  }
  console.log(countsText(recorder.counts));
  return recorder.counts.lines > 0 ? 0 : 1;
}

function openRecorder({ folder, limits, settings, network }: RecordOptions, stop: AbortSignal) {
  const { binance, polling } = settings;
  const http = createHttpClient();
  const shared = { now: Date.now, wait: (ms: number) => waitFor(ms, stop), stop, log: consoleLog };
  const governor = new RateGovernor({ now: Date.now, share: polling.weight_share });
  const baseUrl = restUrlOf(network, binance.rest_url);
  const rest = createPublicRest({ ...shared, baseUrl, http, governor, timeoutMs: TIMEOUT_MS });
  const recorder = new FrameRecorder({ ...shared, folder, limits });
  const streamUrl = streamUrlOf(network, binance.stream_url);
  const recording = new VenueRecording({
    ...shared,
    recording: new MarketRecording(recorder),
    rest,
    openStreams: (handlers) => new MarketStreams({ ...shared, baseUrl: streamUrl, random: Math.random, ...handlers }),
    troubles: createThrottledLog(consoleLog, Date.now),
  });
  return { recorder, recording, rest, close: () => http.close() };
}

/** A symbol that the venue does not list would be missing in the recording. A venue that does not answer may do so later. */
async function refuseUnknown(rest: PublicRest, symbols: readonly string[]): Promise<void> {
  for (const symbol of symbols) {
    const answer = await rest.ask(depth, { symbol, limit: 5 });
    if (answer.kind === 'OK') continue;
    if (answer.code === 'REJECTED') throw new HopelessStart(`${answer.detail}\nCheck --symbols: is ${symbol} listed?`);
    consoleLog.warn({ problem: answer.detail, advice: answer.advice }, 'the venue does not answer yet');
    return;
  }
}

async function report(recorder: FrameRecorder, stop: AbortSignal): Promise<void> {
  for (;;) {
    await waitFor(REPORT_MS, stop);
    if (stop.aborted) return;
    console.log(countsText(recorder.counts));
  }
}

function countsText({ lines, files, bytes, dropped }: RecorderCounts): string {
  const lost = dropped === 0 ? '' : `, ${dropped} left out`;
  return `${lines} lines in ${files} ${files === 1 ? 'file' : 'files'}, ${(bytes / 1e6).toFixed(1)} MB${lost}`;
}

const write = (level: string) => (fields: object, message: string) =>
  console.error(printable(`${new Date().toISOString()} ${level} ${message} ${JSON.stringify(fields)}`));

const consoleLog: Logger = { debug() {}, info: write('INFO'), warn: write('WARN'), error: write('ERROR') };

await runCommand('record', main);
