import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommanderError } from 'commander';
import { localFailure } from './failure.ts';
import { asksForJson, failureOf } from './outcome.ts';

test('help and the version that were asked for are not failures', () => {
  assert.equal(failureOf(new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)')), undefined);
  assert.equal(failureOf(new CommanderError(0, 'commander.version', '0.1.0')), undefined);
});

test('whatever commander refuses is wrong usage, told in one sentence', () => {
  const refused = new CommanderError(
    1,
    'commander.unknownCommand',
    "error: unknown command 'sets'\n(Did you mean seats?)",
  );
  assert.equal(failureOf(refused)?.facts.code, 'usage_wrong');
  assert.equal(failureOf(refused)?.facts.exitCode, 2);
  assert.equal(failureOf(refused)?.message, "Unknown command 'sets' (Did you mean seats?)");
  assert.equal(failureOf(new CommanderError(1, 'commander.help', '(outputHelp)'))?.facts.exitCode, 2);
});

test('a failure is told as it is, and any other error as a defect with its place', () => {
  const failure = localFailure('answer_late', 'Late.');
  assert.equal(failureOf(failure), failure);
  const error = new TypeError('x is not a function');
  assert.equal(failureOf(error)?.facts.code, 'defect');
  assert.equal(failureOf(error)?.facts.exitCode, 1);
  assert.equal(failureOf(error)?.message, error.stack);
  assert.equal(failureOf('thrown text')?.facts.code, 'defect');
});

test('--json counts as an option and not as an argument', () => {
  assert.equal(asksForJson(['node', 'seatledger', 'seats', 'get', '--json', '--wrong']), true);
  assert.equal(asksForJson(['node', 'seatledger', 'partner', 'create', '--', '--json']), false);
  assert.equal(asksForJson(['node', 'seatledger', 'products']), false);
});
