import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { test } from 'node:test';
import { type FieldProblem, fieldProblem, operations } from '@seatledger/contract';
import type { Connection } from '../../connection/connection.ts';
import type { CommandContext } from '../../commandContext.ts';
import { readEnvironment } from '../../environment.ts';
import { Failure, localFailure } from '../../failure.ts';
import { withNamedUsers } from './namedUsers.ts';
import { writeSeats } from './seatWrites.ts';

interface Sent {
  readonly key: string | undefined;
  readonly users: readonly string[];
  readonly userIds: readonly string[];
}

/** A server that gives everybody a seat, and fails with `failure` at the request of this number. */
function serverThat({ failure, at }: { failure?: Failure; at?: number } = {}) {
  const sent: Sent[] = [];
  const connection: Connection = {
    async call(_, { body, headers }, reads) {
      const { users = [], userIds = [] } = JSON.parse(typeof body === 'string' ? body : '');
      sent.push({ key: headers?.['idempotency-key'], users, userIds });
      if (failure !== undefined && sent.length === at) throw failure;
      const changed = users.length + userIds.length;
      const report = {
        changed,
        unchanged: 1,
        seats: { purchased: 9, assigned: sent.length, available: 0 },
        sequence: sent.length,
      };
      return reads(report) ? report : assert.fail('not what was expected');
    },
    version: () => assert.fail('no version is asked for'),
    lines: () => assert.fail('no lines are asked for'),
    pieces: () => assert.fail('no lines are asked for'),
    bytes: () => assert.fail('no lines are asked for'),
  };
  return { connection, sent };
}

function contextWith(input: readonly (string | Buffer)[]): CommandContext {
  const chunks = input.map((chunk) => Buffer.from(chunk));
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  return {
    environment: readEnvironment({}),
    stdin: Readable.from(chunks),
    stdout,
    stderr,
    interrupted: new AbortController().signal,
  };
}

function assignFrom(
  connection: Connection,
  input: readonly (string | Buffer)[],
  { idempotencyKey, userIds }: { idempotencyKey?: string; userIds?: readonly string[] } = {},
) {
  return withNamedUsers({ users: [], file: '-' }, contextWith(input), (bulks) =>
    writeSeats(
      connection,
      { operation: operations.assignSeats, path: '/x', productType: 2048, userIds },
      bulks,
      { idempotencyKey },
    ),
  );
}

async function failed(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  return error instanceof Failure ? error : assert.fail(String(error));
}

const names = Array.from({ length: 2001 }, (_, index) => `user-${index}`);

test('users are sent in thousands, and what became of them is added up', async () => {
  const { connection, sent } = serverThat();
  const report = await assignFrom(connection, [names.join('\n')], { userIds: ['id-1'] });
  assert.deepEqual(
    sent.map(({ users, userIds }) => [users.length, userIds.length]),
    [
      [0, 1],
      [1000, 0],
      [1000, 0],
      [1, 0],
    ],
  );
  assert.deepEqual(
    sent.flatMap(({ users }) => users),
    names,
  );
  assert.deepEqual([report.changed, report.unchanged, report.seats.assigned], [2002, 4, 4]);
});

test('the same input with the same key is sent with the same keys, each for one request', async () => {
  const keys: unknown[] = [];
  for (const idempotencyKey of ['mine', 'mine', undefined]) {
    const { connection, sent } = serverThat();
    await assignFrom(connection, [names.join('\n')], idempotencyKey === undefined ? {} : { idempotencyKey });
    keys.push(sent.map(({ key }) => key));
  }
  assert.deepEqual(keys[0], ['mine', 'mine.2', 'mine.3']);
  assert.deepEqual(keys[1], keys[0]);
  assert.notDeepEqual(keys[2], keys[0]);
});

test('a user is a line without the blanks around it, wherever the bytes are cut, and no line is lost', async () => {
  const { connection, sent } = serverThat();
  const bytes = Buffer.from('\uFEFFada@x\r\n\n  josé@x\t\n\u00a0\nlast@x');
  await assignFrom(
    connection,
    [...bytes].map((byte) => Buffer.from([byte])),
  );
  assert.deepEqual(
    sent.map(({ users }) => users),
    [['ada@x', 'josé@x', 'last@x']],
  );
});

test('what is wrong is told by its line of the input, with how many are done, and without the address', async () => {
  const errors: FieldProblem[] = [
    fieldProblem('users.1', 'user_invalid'),
    fieldProblem('productType', 'value_invalid'),
  ];
  const failure = new Failure('Wrong.', { code: 'body_invalid', exitCode: 1, errors });
  const { connection } = serverThat({ failure, at: 2 });
  const { message, facts } = await failed(assignFrom(connection, ['\n', names.join('\n')]));
  assert.equal(message, 'Wrong. The 1000 users before are done.');
  assert.deepEqual(
    facts.errors?.map(({ line, field }) => [line, field]),
    [
      [1003, 'user'],
      [undefined, 'productType'],
    ],
  );
  assert.ok(!JSON.stringify(facts).includes('user-'));
});

test('where no answer came, the key of one request is not told: the others would be refused with it', async () => {
  const { connection } = serverThat({ failure: localFailure('connection_broken', 'Broken.'), at: 3 });
  const { facts } = await failed(assignFrom(connection, [names.join('\n')], { idempotencyKey: 'mine' }));
  assert.equal(facts.code, 'connection_broken');
  assert.ok(!facts.remedy?.includes('mine'));
});

test('input without a user, and input that is not text, is refused', async () => {
  for (const [input, code] of [
    [['\n', '  \n'], 'usage_wrong'],
    [[], 'usage_wrong'],
    [[Buffer.from([0x6a, 0xe9, 0x0a])], 'file_unreadable'],
    [[Buffer.from([0xc3])], 'file_unreadable'],
  ] as const) {
    assert.equal((await failed(assignFrom(serverThat().connection, input))).facts.code, code);
  }
});
