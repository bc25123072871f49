import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from './failure.ts';
import { withOutputFile } from './outputFile.ts';

const root = await mkdtemp(join(tmpdir(), 'seatledger-'));
after(() => rm(root, { recursive: true }));

async function folderOf(name: string): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  return folder;
}

function withCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof Failure && error.facts.code === code;
}

async function twoPieces(write: (text: string) => Promise<void>): Promise<number> {
  await write('one ');
  await write('two');
  return 2;
}

test('a file has its name once it is whole, and nobody else may read it', async () => {
  const folder = await folderOf('whole');
  const file = join(folder, 'file');
  const result = await withOutputFile(file, { replace: false }, async (write) => {
    const pieces = await twoPieces(write);
    assert.deepEqual(await readdir(folder), ['file.part']);
    return pieces;
  });
  assert.equal(result, 2);
  assert.deepEqual(await readdir(folder), ['file']);
  assert.equal(await readFile(file, 'utf8'), 'one two');
  assert.equal((await stat(file)).mode & 0o777, 0o600);
});

test('nothing is left of a file that did not become whole, and what had its name stays', async () => {
  const folder = await folderOf('torn');
  const file = join(folder, 'file');
  await writeFile(file, 'before');
  const torn = withOutputFile(file, { replace: true }, async (write) => {
    await write('half');
    throw new Error('torn');
  });
  await assert.rejects(torn, /torn/);
  assert.deepEqual(await readdir(folder), ['file']);
  assert.equal(await readFile(file, 'utf8'), 'before');
});

test('what is there is replaced where that is said, and half of another never', async () => {
  const folder = await folderOf('there');
  const file = join(folder, 'file');
  await writeFile(file, 'before');
  await assert.rejects(withOutputFile(file, { replace: false }, twoPieces), withCode('file_exists'));
  await withOutputFile(file, { replace: true }, twoPieces);
  assert.equal(await readFile(file, 'utf8'), 'one two');
  await writeFile(`${file}.part`, 'of another');
  await assert.rejects(withOutputFile(file, { replace: true }, twoPieces), withCode('file_exists'));
  assert.equal(await readFile(`${file}.part`, 'utf8'), 'of another');
});

test('what cannot be written is told as that', async () => {
  const folder = await folderOf('unwritable');
  const nowhere = join(folder, 'none', 'file');
  await assert.rejects(withOutputFile(nowhere, { replace: false }, twoPieces), withCode('file_unwritable'));
  await mkdir(join(folder, 'folder'));
  const onFolder = withOutputFile(join(folder, 'folder'), { replace: true }, twoPieces);
  await assert.rejects(onFolder, withCode('file_unwritable'));
  assert.deepEqual(await readdir(folder), ['folder']);
});
