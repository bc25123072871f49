import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problems } from '@seatledger/contract';
import { exitCodeOfStatus } from '../exitCode.ts';
import type { HttpAnswer } from './httpTransport.ts';
import { operationRefusal, tokenRefusal } from './refusal.ts';

const url = new URL('http://127.0.0.1:8080/api/v1/seats?cursor=x');

function answerOf(status: number, body: unknown, headers: HttpAnswer['headers'] = {}): HttpAnswer {
  return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

function problemOf(code: string, more: object = {}): object {
  return { code, detail: `Sentence of ${code}.`, ...more };
}

test('every problem of the contract becomes a failure with its remedy', () => {
  for (const [code, { status, remedy }] of Object.entries(problems)) {
    const { message, facts } = operationRefusal(answerOf(status, problemOf(code)), url);
    assert.deepEqual([message, facts.code, facts.remedy], [`Sentence of ${code}.`, code, remedy]);
    assert.equal(facts.exitCode, exitCodeOfStatus(status));
  }
});

test('errors, the request id and the wait come along', () => {
  const errors = [{ line: 3, field: 'seats', code: 'seats_invalid', message: 'A whole number.' }];
  const { facts } = operationRefusal(
    answerOf(400, problemOf('import_invalid', { errors: [...errors, 'nonsense'], errorCount: 250 }), {
      'request-id': 'r-1',
      'retry-after': '7',
    }),
    url,
  );
  assert.deepEqual(facts.errors, errors);
  assert.deepEqual([facts.errorCount, facts.requestId, facts.retryAfterSeconds], [250, 'r-1', 7]);
});

test('a code of a newer server keeps its sentence and has no remedy', () => {
  const { message, facts } = operationRefusal(answerOf(404, problemOf('toString')), url);
  assert.deepEqual([message, facts.remedy, facts.exitCode], ['Sentence of toString.', undefined, 4]);
});

test('what does not speak the contract is told so, without the query', () => {
  for (const answer of [answerOf(404, '<html>'), answerOf(502, ''), answerOf(200, [])]) {
    const { message, facts } = operationRefusal(answer, url);
    assert.deepEqual([facts.code, facts.exitCode], ['answer_unreadable', 1]);
    assert.ok(!message.includes('cursor'));
  }
});

test('the token endpoint refuses in the form of OAuth', () => {
  for (const error of ['invalid_client', 'invalid_grant', 'invalid_scope']) {
    const { facts } = tokenRefusal(answerOf(400, { error, error_description: 'No.' }), url);
    assert.deepEqual([facts.code, facts.exitCode], [error, 3]);
  }
  const late = { error: 'temporarily_unavailable', error_description: 'Later.' };
  const { facts } = tokenRefusal(answerOf(429, late, { 'retry-after': '7' }), url);
  assert.deepEqual([facts.exitCode, facts.retryAfterSeconds], [1, 7]);
  assert.equal(tokenRefusal(answerOf(503, problemOf('server_stopping')), url).facts.code, 'server_stopping');
});

test('a server without a token endpoint is not a thing that was asked for and not found', () => {
  assert.equal(tokenRefusal(answerOf(404, problemOf('route_unknown')), url).facts.exitCode, 1);
});
