import { missing } from '@helios/shared/testing/missing.ts';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { CHROMIUM_ADVICE, findChromium } from './find-chromium.ts';

const program = findChromium();
const skipped = missing(program !== undefined, `The page is not tested in a browser: ${CHROMIUM_ADVICE}.`);

/** Tests that share one browser, which is open while they run. Visibly skipped without a browser. */
export function describeInBrowser(name: string, tests: (browser: () => Browser) => void): void {
  const title = `${name}${skipped ? ` (skipped: ${CHROMIUM_ADVICE})` : ''}`;
  describe.skipIf(skipped)(title, { timeout: 150_000 }, () => {
    let browser: Browser;
    beforeAll(async () => {
      // Without a GPU an emulated one costs CPU. Chromium’s sandbox does not work for root.
      const args = ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
      browser = await chromium.launch({ ...(program ? { executablePath: program } : {}), args });
    });
    afterAll(() => browser?.close());
    tests(() => browser);
  });
}
