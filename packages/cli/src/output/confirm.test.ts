import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { readEnvironment } from '../environment.ts';
import { Failure } from '../failure.ts';
import { confirm } from './confirm.ts';

async function confirmed(answer: string, { stdin = true, stderr = true } = {}): Promise<string> {
  const input = Object.assign(new PassThrough(), { isTTY: stdin });
  const output = Object.assign(new PassThrough(), { isTTY: stderr });
  input.end(answer);
  const context = {
    environment: readEnvironment({}),
    stdin: input,
    stdout: new PassThrough(),
    stderr: output,
    interrupted: new AbortController().signal,
  };
  try {
    await confirm(context, 'Erase?');
    return 'confirmed';
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    return error.facts.code;
  }
}

test('only yes is yes; another answer, none and the end of the input are no', async () => {
  for (const answer of ['y\n', 'Y\n', ' yes \n', 'YES\r\n', 'y'])
    assert.equal(await confirmed(answer), 'confirmed');
  for (const answer of ['', '\n', 'n\n', 'yep\n', 'ja\n'])
    assert.equal(await confirmed(answer), 'not_confirmed');
});

test('where nobody can be asked it is wrong usage', async () => {
  assert.equal(await confirmed('y\n', { stdin: false }), 'usage_wrong');
  assert.equal(await confirmed('y\n', { stderr: false }), 'usage_wrong');
});
