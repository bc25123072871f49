/** The thread that checks one import: reading a large file must not stop answers. */

import { createReadStream } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { ProblemError } from '@seatledger/contract';
import { checkImport, type ImportFormat } from '../http/import/checkImport.ts';
import { writeStagedRows } from '../store/staging.ts';

const { bodyPath, rowsPath, format } = workerData as {
  bodyPath: string;
  rowsPath: string;
  format: ImportFormat;
};

/** The rows of so many bytes are in memory at once, a few times over. */
const bytesAtOnce = 32_768;

try {
  const body = createReadStream(bodyPath, { highWaterMark: bytesAtOnce });
  await writeStagedRows(rowsPath, checkImport(body, format));
  parentPort?.postMessage({ checked: true });
} catch (error) {
  if (!(error instanceof ProblemError)) throw error;
  const { code, message, errors, errorCount } = error;
  parentPort?.postMessage({ checked: false, code, detail: message, errors, errorCount });
}
