import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import chromium, { inflate, setupLambdaEnvironment } from '@sparticuz/chromium';
import { type Browser, chromium as browsers } from 'playwright-core';

const packed = fileURLToPath(new URL('../bin/', import.meta.resolve('@sparticuz/chromium')));

/**
 * A real browser, unpacked from the project's own packages with the libraries that it loads, so that it runs where nothing of it is installed.
 *
 * @returns the browser, and what ends it and removes what was unpacked
 */
export async function openBrowser(): Promise<{
  readonly browser: Browser;
  readonly close: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'seatledger-browser-'));
  // The package unpacks to the system's temporary folder and takes what it finds there: another user's, or what a killed run left half done.
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    const [executablePath, libraries] = await Promise.all([
      chromium.executablePath(packed),
      inflate(join(packed, 'al2023.tar.br')),
    ]);
    setupLambdaEnvironment(join(libraries, 'lib'));
    const browser = await browsers.launch({
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    return {
      browser,
      close: async () => {
        await browser.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}
