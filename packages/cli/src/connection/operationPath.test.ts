import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../failure.ts';
import { operationPath } from './operationPath.ts';

test('a value stays inside its segment whatever it holds', () => {
  assert.equal(
    operationPath('/apps/{clientId}', { clientId: 'a/b?c#d%2e e' }),
    '/apps/a%2Fb%3Fc%23d%252e%20e',
  );
  assert.equal(operationPath('/a/{x}/b/{y}', { x: '{y}', y: '$&' }), '/a/%7By%7D/b/%24%26');
});

test('a value that would name another path is wrong usage', () => {
  for (const clientId of ['', '.', '..']) {
    assert.throws(
      () => operationPath('/apps/{clientId}', { clientId }),
      (error) => error instanceof Failure && error.facts.exitCode === 2,
    );
  }
});
