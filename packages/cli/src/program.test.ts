import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { test } from 'node:test';
import type { Command } from 'commander';
import { readEnvironment } from './environment.ts';
import { failureOf } from './outcome.ts';
import { buildProgram } from './program.ts';

function builtWith(): { program: Command; stdout: PassThrough } {
  const stdout = new PassThrough();
  // With an app and a server that is not there: what is asked of it fails as that.
  const environment = readEnvironment({
    SEATLEDGER_SERVER: 'http://127.0.0.1:1',
    SEATLEDGER_CLIENT_ID: 'app',
    SEATLEDGER_CLIENT_SECRET: 'sls_secret',
  });
  const program = buildProgram({
    environment,
    stdin: new PassThrough(),
    stdout,
    stderr: new PassThrough(),
    interrupted: new AbortController().signal,
  });
  return { program, stdout };
}

function leaves(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

function path(command: Command): string[] {
  return command.parent === null ? [] : [...path(command.parent), command.name()];
}

async function helpOf(name: readonly string[]): Promise<string> {
  const { program, stdout } = builtWith();
  await assert.rejects(program.parseAsync([...name, '--help'], { from: 'user' }), { exitCode: 0 });
  stdout.end();
  return readText(stdout);
}

const names = leaves(builtWith().program).map(path);

test('every command has JSON for machines', async () => {
  assert.equal(names.length, 60);
  for (const name of names) assert.match(await helpOf(name), /^ +--json /m, name.join(' '));
});

test('every command has examples of itself in its help, and the command line takes them', async () => {
  for (const name of names) {
    const examples = [
      ...(await helpOf(name)).matchAll(/^ +\$ (?:.*\| )?seatledger (.*?)(?: (?:>>?|\|) .*)?$/gm),
    ];
    assert.notEqual(examples.length, 0, name.join(' '));
    for (const [, words = ''] of examples) {
      const { program } = builtWith();
      const ran: string[][] = [];
      for (const leaf of leaves(program)) {
        leaf.action(() => {
          ran.push(path(leaf));
        });
      }
      const args = [...words.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain);
      await program.parseAsync(args, { from: 'user' });
      assert.deepEqual(ran, [name]);
    }
  }
});

test('a secret is no option: what is typed is seen by everybody on the machine', () => {
  for (const command of leaves(builtWith().program)) {
    const secrets = command.options.map((option) => option.name()).filter((name) => name.includes('secret'));
    for (const name of secrets) assert.ok(['client-secret-file', 'secret-years'].includes(name), name);
  }
});

test('wrong usage is refused before anything is asked or read', async () => {
  const create = ['app', 'create', '--name', 'x', '--permission', 'seatledger.read'];
  const tenantSeats = ['--available-seats', '1', '--assigned-seats', '1'];
  for (const words of [
    ['seats'],
    ['sets'],
    ['products', '--wide'],
    ['products', 'x'],
    ['seats', 'get', 'contoso'],
    ['seats', 'get', 'contoso', '3'],
    ['seats', 'get', 'contoso', 'Excel'],
    ['seats', 'get', 'contoso', '2048', 'x'],
    ['seats', 'get', '../contoso', '2048'],
    ['seats', 'get', 'contoso', '2048', '--revision', '2026-01-01'],
    ['seats', 'list', '--format', 'xml'],
    ['seats', 'list', '--format', 'csv', '--json'],
    ['seats', 'list', '--customer', 'a/b'],
    ['import'],
    ['import', 'lines.txt'],
    ['import', '-', '--format', 'xml'],
    ['import', '-', '--client-secret-file', '-'],
    ['app', 'create', '--name', 'x'],
    ['app', 'create', '--permission', 'seatledger.read'],
    [...create, '--permission', 'seatledger.everything'],
    [...create, '--secret-years', '4'],
    [...create, '--revision', '2026-01-01'],
    [...create, '--customer', 'a/b'],
    [...create, '--customer', 'contoso', '--group', '21'],
    [...create, '--group', 'x'],
    ['app', 'list', '--partner', 'default'],
    ['app', 'list', '--data', 'data', '--server', 'http://127.0.0.1:8080'],
    ['app', 'delete'],
    ['app', 'show'],
    ['app', 'change', 'x'],
    ['app', 'change', 'x', '--all-customers', '--customer', 'contoso'],
    ['app', 'change', 'x', '--all-customers', '--group', '21'],
    ['app', 'change', 'x', '--name', 'y', '--data', 'data', '--if-match', '3'],
    ['app', 'enable', '..'],
    ['app', 'credential', 'add', 'x'],
    ['app', 'credential', 'add', 'x', '--secret-years', '1', '--certificate', 'x.pem'],
    ['app', 'credential', 'list'],
    ['app', 'credential', 'remove', 'x'],
    ['partner', 'create'],
    ['serve', 'x'],
    ['seats', 'show', 'contoso'],
    ['seats', 'show', 'contoso', '2048', '--as-of', '2026-01-01', '--as-of-sequence', '1'],
    ['customer', 'create', 'contoso'],
    ['customer', 'create', '../contoso', '--organization', 'x'],
    ['customer', 'create', 'contoso', '--organization', 'x', '--management-mode', '3'],
    ['customer', 'change', 'contoso'],
    ['tenant', 'set', 'contoso', 't1', '--type', '0', '--name', 'x', '--available-seats', '1'],
    ['tenant', 'set', 'contoso', 't1', '--type', '4', '--name', 'x', ...tenantSeats],
    ['group', 'add', '21'],
    ['group', 'add', '21', 'a/b'],
    ['group', 'rename', '21'],
    ['group', 'show', '..'],
    ['pool', 'add', 'Office365Backup'],
    ['pool', 'add', 'Office366Backup', '--seats', '5'],
    ['pool', 'add', 'Office365Backup', '--seats', '-5'],
    ['pool', 'add', 'Office365Backup', '--seats', '2147483648'],
    ['pool', 'change', '30'],
    ['pool', 'change', '30', '--expires-at', '2027-01-01', '--no-expiry'],
    ['line', 'add', 'contoso', '--seats', '5'],
    ['line', 'add', 'contoso', '--product', '2048'],
    ['line', 'add', 'contoso', '--product', '2048', '--seats', '5', '--licence-type', 'free'],
    ['line', 'add', 'contoso', '--product', '2048', '--seats', '5', '--pool', 'x'],
    ['line', 'add', 'contoso', '--product', '2048', '--seats', '5', '--detail', 'colour=red'],
    ['line', 'change', 'contoso', '17'],
    ['line', 'change', 'contoso', '17', '--remove-detail', 'colour'],
    ['assignment', 'assign', 'contoso', '2048'],
    ['assignment', 'assign', 'contoso', '2048', 'ada', '--file', 'users.txt'],
    ['assignment', 'assign', 'contoso', '2048', '--file', '-', '--client-secret-file', '-'],
    ['assignment', 'release', 'contoso', '2048'],
    ['assignment', 'erase', 'contoso', 'ada@contoso.example'],
    ['events', 'list', '--after', '-1'],
    ['history', 'contoso', '2048', '--from', '2026-01-01', '--from-sequence', '1'],
    ['history', 'contoso', '2048', '--to', '2026-01-01', '--to-sequence', '1'],
    ['diff'],
    ['diff', '--to', '2026-01-01'],
    ['diff', '--from', '2026-01-01', '--format', 'csv', '--json'],
    ['verify', '--head', 'abc'],
    ['verify', '--data', 'data', '--database-url', 'postgres://localhost/seats'],
    ['export'],
    ['keys'],
    ['keys', 'list', '--server', 'http://127.0.0.1:8080'],
    ['keys', 'rotate', '--data', 'data', '--drop-others'],
    ['import', 'x.export', '--data', 'data', '--dry-run'],
    ['import', 'x.export', '--data', 'data', '--replace'],
    ['import', 'x.export', '--data', 'data', '--format', 'csv'],
    ['import', 'x.export', '--data', 'data', '--reason', 'x'],
    ['import', 'x.export', '--data', 'data', '--server', 'http://127.0.0.1:8080'],
    ['import', 'x.export', '--data', 'data', '--database-url', 'postgres://localhost/seats'],
    ['import', 'x.export', '--database-url'],
    ['import', '-', '--data', 'data'],
    ['app', 'delete', 'x', '--data', 'data', '--reason', 'x'],
  ]) {
    const error: unknown = await builtWith()
      .program.parseAsync(words, { from: 'user' })
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    assert.equal(failureOf(error)?.facts.exitCode, 2, words.join(' '));
  }
});
