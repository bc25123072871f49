import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeatDifference, SeatPoint } from '@seatledger/contract';
import { serveForFile } from '../product.ts';
import { commandsIn } from './answers.ts';

const environment = await serveForFile(['seatledger.write', 'seatledger.read']);
const { run, answer, refusal } = commandsIn(environment);

await answer(['customer', 'create', 'contoso', '--organization', 'Contoso']);
await answer(['customer', 'create', 'fabrikam', '--organization', 'Fabrikam']);
const line = await answer([
  'line',
  'add',
  'contoso',
  '--product',
  'opus',
  '--seats',
  '5',
  '--reason',
  '=order, 1',
]);
const change = [
  'line',
  'change',
  'contoso',
  String(line.lineId),
  '--seats',
  '8',
  '--expires-at',
  '2100-01-01',
];
const changed = await answer(change);
await answer(['assignment', 'assign', 'contoso', 'opus', 'ada@x.example']);
await answer(['line', 'add', 'fabrikam', '--product', '2048', '--seats', '2']);

test('history tells each change of a number with its cause, and the term to come', async () => {
  const points = await answer(['history', 'contoso', 'opus', '--to', '2101-01-01']);
  assert.deepEqual(
    points.map(({ purchased, available, cause }: SeatPoint) => [
      purchased,
      available,
      cause?.kind === 'recorded' ? cause.event : cause?.kind,
    ]),
    [
      [0, 0, undefined],
      [5, 5, 'line.added'],
      [8, 8, 'line.changed'],
      [8, 7, 'seat.assigned'],
      [0, -1, 'term_ended'],
    ],
  );
  const table = await run(['history', 'contoso', 'opus']);
  assert.match(table.stdout, /^AT +PURCHASED +ASSIGNED +AVAILABLE +CAUSE +EVENT +ACTOR +REASON\n/);
  assert.match(table.stdout, / 5 +0 +5 {2}line\.added +\d+ {2}app:\S+ +=order, 1\n/);
  const period = [
    '--from-sequence',
    String(line.changedSequence),
    '--to-sequence',
    String(changed.changedSequence),
  ];
  const csv = await run(['history', 'contoso', 'opus', ...period, '--format', 'csv']);
  const [header, beginning, ...rest] = csv.stdout.trimEnd().split('\n');
  assert.equal(header, 'at,purchased,assigned,available,cause,sequence,actor,reason');
  assert.match(beginning ?? '', /Z,5,0,5,,,,$/);
  assert.equal(rest.length, 1);
  assert.match(rest[0] ?? '', new RegExp(`Z,8,0,8,line\\.changed,${changed.changedSequence},app:[^,]+,$`));
});

test('diff lists what differs between two moments, with its causes', async () => {
  const since = ['diff', '--from-sequence', String(line.changedSequence)];
  const rows = await answer(since);
  assert.deepEqual(
    rows.map(({ customerId, change: by, causeCount }: SeatDifference) => [
      customerId,
      by.purchased,
      by.available,
      causeCount,
    ]),
    [
      ['contoso', 3, 2, 2],
      ['fabrikam', 2, 2, 1],
    ],
  );
  const table = await run([...since, '--customer', 'contoso']);
  assert.match(table.stdout, /\ncontoso +Contoso +65536 +Opus +8 +\+3 +1 +\+1 +7 +\+2 +2\n$/);
  const csv = await run([...since, '--product', '2048', '--format', 'csv']);
  assert.match(csv.stdout, /\nfabrikam,Fabrikam,2048,Cloud Backup for Microsoft 365,0,2,0,0,0,2,1,"\[{/);
  const none = await run([...since, '--to-sequence', String(line.changedSequence)]);
  assert.deepEqual(
    [none.exitCode, none.stdout, none.stderr],
    [0, '', 'No seats differ between the two moments.\n'],
  );
});

test('events are listed in sequence, from one on and so many', async () => {
  const all: { sequence: number; kind: string }[] = await answer(['events', 'list']);
  const sequences = all.map(({ sequence }) => sequence);
  // What apps may do is told to administrators alone; the second event made one.
  assert.deepEqual(
    sequences,
    Array.from(sequences, (_, index) => (index === 0 ? 1 : index + 2)),
  );
  const some = await answer(['events', 'list', '--after', '3', '--limit', '2']);
  assert.deepEqual(some, all.slice(2, 4));
  const head = await answer(['events', 'head']);
  assert.equal(head.sequence, sequences.at(-1));
  assert.match((await run(['events', 'head'])).stdout, new RegExp(`\nhash {6}${head.hash}\n`));
  const csv = await run(['events', 'list', '--limit', '1', '--format', 'csv']);
  assert.match(csv.stdout, /^sequence,recordedAt,kind,subject,customerId,actor,reason,before,after\n1,/);
  const none = await run(['events', 'list', '--after', String(head.sequence)]);
  assert.deepEqual([none.exitCode, none.stdout], [0, '']);
  const beyond = await refusal(['events', 'list', '--after', String(head.sequence + 1)]);
  assert.deepEqual([beyond.code, beyond.errors[0].code], ['parameter_invalid', 'after_last_event']);
});

test('seats are shown as of any event', async () => {
  const now = await run(['seats', 'show', 'contoso', 'opus']);
  assert.match(now.stdout, /\npurchased {5}8\nassigned {6}1\navailable {5}7\n/);
  const then = ['seats', 'show', 'contoso', 'opus', '--as-of-sequence', String(line.changedSequence)];
  assert.deepEqual((await answer(then)).available, 5);
  assert.match((await run(['seats', 'show', 'contoso', '2048'])).stdout, /\nchanged {7}never\n/);
});

test('an unknown customer and a moment that is none are refused before anything is printed', async () => {
  for (const [args, exitCode, code] of [
    [['history', 'nobody', 'opus'], 4, 'customer_not_found'],
    [['diff', '--from', '1970-01-01', '--customer', 'nobody'], 4, 'customer_not_found'],
    [['history', 'contoso', 'opus', '--from', 'yesterday'], 1, 'parameter_invalid'],
    [['history', 'contoso', 'opus', '--from-sequence', '999999'], 1, 'parameter_invalid'],
  ] as const) {
    const refused = await refusal(args);
    assert.deepEqual([refused.exitCode, refused.code], [exitCode, code], args.join(' '));
  }
});
