import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Operation, problemsOf } from './operation.ts';
import { operations } from './operations/index.ts';
import { ProblemError } from './problemError.ts';
import { fieldProblem, fieldProblems, type ProblemCode, problems } from './problems.ts';

const codes = Object.keys(problems) as ProblemCode[];
/** What is answered where there is no operation. */
const ofNoOperation: readonly ProblemCode[] = ['method_not_allowed'];
/** What a person at the data folder is told, which is not over HTTP. */
const ofFolder: readonly ProblemCode[] = ['partner_ambiguous', 'partner_exists', 'partner_not_found'];

describe('the registry of problems', () => {
  for (const [code, { status, title, remedy }] of Object.entries(problems)) {
    test(`has for ${code} a status of failures, and a sentence each for what it is and what to do`, () => {
      assert.match(code, /^[a-z]+(_[a-z]+)*$/);
      assert.ok(status >= 400 && status < 600);
      for (const sentence of [title, remedy]) assert.match(sentence, /^[A-Z/].*\.$/);
      assert.notEqual(title, remedy);
    });
  }

  test('tells its problems apart by their titles', () => {
    assert.equal(new Set(codes.map((code) => problems[code].title)).size, codes.length);
  });

  test('has nothing that nobody answers with', () => {
    const used = new Set([
      ...Object.values<Operation>(operations).flatMap(problemsOf),
      ...ofNoOperation,
      ...ofFolder,
    ]);
    assert.deepEqual(
      codes.filter((code) => !used.has(code)),
      [],
    );
  });

  /** Codes and statuses are a promise: clients branch on them. A row is added here; none is changed or removed. */
  const promised: readonly (readonly [ProblemCode, number])[] = [
    ['request_malformed', 400],
    ['api_version_unknown', 400],
    ['product_type_invalid', 400],
    ['product_type_unknown', 400],
    ['customer_id_invalid', 400],
    ['parameter_invalid', 400],
    ['parameter_unknown', 400],
    ['body_invalid', 400],
    ['import_invalid', 400],
    ['token_missing', 401],
    ['token_invalid', 401],
    ['token_expired', 401],
    ['permission_missing', 403],
    ['customer_scope_insufficient', 403],
    ['grant_exceeds_own', 403],
    ['customer_not_found', 404],
    ['tenant_not_found', 404],
    ['group_not_found', 404],
    ['pool_not_found', 404],
    ['line_not_found', 404],
    ['app_not_found', 404],
    ['route_unknown', 404],
    ['method_not_allowed', 405],
    ['request_timeout', 408],
    ['customer_exists', 409],
    ['group_exists', 409],
    ['external_id_taken', 409],
    ['pool_insufficient', 409],
    ['idempotency_key_in_use', 409],
    ['idempotent_answer_not_kept', 409],
    ['version_changed', 412],
    ['body_too_large', 413],
    ['uri_too_long', 414],
    ['content_type_unsupported', 415],
    ['content_encoding_unsupported', 415],
    ['idempotency_key_reused', 422],
    ['version_required', 428],
    ['rate_limit_exceeded', 429],
    ['stream_limit_reached', 429],
    ['headers_too_large', 431],
    ['internal_error', 500],
    ['overloaded', 503],
    ['rights_unverified', 503],
    ['server_stopping', 503],
    ['streams_busy', 503],
    ['storage_full', 507],
  ];
  for (const [code, status] of promised) {
    test(`promises that ${code} is ${status}`, () => {
      assert.equal(problems[code].status, status);
    });
  }
});

describe('a field problem', () => {
  for (const [code, sentence] of Object.entries(fieldProblems)) {
    test(`${code} has a sentence of its own`, () => {
      assert.match(code, /^[a-z]+(_[a-z]+)*$/);
      assert.match(sentence, /^[A-Z].*\.$/);
    });
  }

  test('says the sentence of its code unless it knows better, and its line only where there is one', () => {
    assert.deepEqual(fieldProblem('seats', 'seats_invalid'), {
      field: 'seats',
      code: 'seats_invalid',
      message: fieldProblems.seats_invalid,
    });
    assert.deepEqual(fieldProblem('seats', 'seats_invalid', { message: 'No.', line: 3 }), {
      field: 'seats',
      code: 'seats_invalid',
      message: 'No.',
      line: 3,
    });
  });
});

describe('a problem that is thrown', () => {
  test('says the title of its code, and counts the errors that it names, unless it knows better', () => {
    const errors = [fieldProblem('seats', 'seats_invalid')];
    const plain = new ProblemError('import_invalid', { errors });
    assert.deepEqual(
      [plain.code, plain.message, plain.errors, plain.errorCount],
      ['import_invalid', problems.import_invalid.title, errors, 1],
    );
    const detailed = new ProblemError('import_invalid', { detail: 'No.', errors, errorCount: 7 });
    assert.deepEqual([detailed.message, detailed.errorCount], ['No.', 7]);
  });
});
