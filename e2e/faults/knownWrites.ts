/** Writes over HTTP of which the writer knows what was acknowledged, and what is found of them afterwards. */

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type {
  AssignmentPage,
  AssignmentReport,
  ImportReport,
  SubscriptionLine,
  SubscriptionLinePage,
} from '@seatledger/contract';

/** Where writes are sent, and in whose name. */
export interface Door {
  readonly url: string;
  readonly token: string;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

type Kind = 'assign' | 'import' | 'line';

/** A write; sent again, it is the same. */
export interface Write {
  readonly kind: Kind;
  readonly customer: string;
  /** Names what it makes, and is its key. */
  readonly name: string;
  /** Undefined while it is not known whether it was made. */
  acknowledged: Answer | undefined;
}

const productType = 2048;
/** How many users one write gives a seat, each with an event of its own. */
const usersOfWrite = 3;
/** How many lines one import has. */
const linesOfImport = 8;
/** One write in so many is an import, which costs the server many times what the others do. */
const importsEvery = 12;

/** The write of this number for the customer: the kinds take turns. */
export function writeOf(customer: string, number: number): Write {
  const kind = number % importsEvery === 0 ? 'import' : number % 2 === 0 ? 'assign' : 'line';
  return { kind, customer, name: `${customer}-${kind}-${number}`, acknowledged: undefined };
}

/** Brings the customers in, with seats for everybody. */
export async function bringIn(door: Door, customers: readonly string[]): Promise<void> {
  const rows = customers.map((customer) => `${customer},${productType},1000000,ground,ground-${customer}`);
  const { status, body } = await sendCsv(door, rows);
  assert.equal(status, 200, body);
}

async function sendOnce(door: Door, { kind, customer, name }: Write): Promise<Answer> {
  const at = `/api/v1/customers/${customer}`;
  if (kind === 'import')
    return sendCsv(
      door,
      importedBy(name).map((id) => `${customer},2048,1,${name},${id}`),
    );
  const headers = { 'content-type': 'application/json', 'idempotency-key': name };
  return kind === 'line'
    ? ask(door, 'POST', `${at}/lines`, {
        headers,
        body: JSON.stringify({ productType, seats: 1, source: name }),
      })
    : ask(door, 'POST', `${at}/assignments`, {
        headers,
        body: JSON.stringify({ productType, users: assignedBy(name) }),
      });
}

/**
 * Sends until the server takes it: it has imports enough underway, or whoever made it is gone before the database has noticed. Throws
 * where the answer is lost.
 */
export async function send(door: Door, write: Write): Promise<Answer> {
  for (const endsAtMs = performance.now() + 30_000; ; await pause(100)) {
    const answer = await sendOnce(door, write);
    const mayCome = answer.status === 409 || answer.status === 503;
    if (!mayCome || performance.now() > endsAtMs) return answer;
    const { code } = JSON.parse(answer.body);
    assert.ok(code === 'idempotency_key_in_use' || code === 'imports_busy', answer.body);
  }
}

/** Fails unless the answer says that the write was made, as a first one that is whole. */
export function assertMade({ kind, name }: Write, { status, body }: Answer): void {
  assert.equal(status, kind === 'line' ? 201 : 200, `${name}: ${body}`);
  if (kind === 'line') assert.equal((JSON.parse(body) as SubscriptionLine).source, name);
  if (kind === 'assign') {
    const { changed, unchanged } = JSON.parse(body) as AssignmentReport;
    assert.deepEqual([changed, unchanged], [usersOfWrite, 0], name);
  }
  if (kind === 'import') {
    // An import carries no key: sent again, it finds its own lines.
    const { added, unchanged } = JSON.parse(body) as ImportReport;
    assert.ok(added + unchanged === linesOfImport && added * unchanged === 0, `${name}: ${body}`);
  }
}

/**
 * Fails unless each write of the customer is there as often as it has to be: once where it was acknowledged, once or not at all where it
 * is not known, never in part. Nothing else may be there.
 */
export async function assertKept(door: Door, customer: string, writes: readonly Write[]): Promise<void> {
  const at = `/api/v1/customers/${customer}`;
  const lines = (await rowsOf<SubscriptionLinePage>(door, `${at}/lines`)).filter(
    ({ source }) => source !== 'ground',
  );
  const users = new Set(
    (await rowsOf<AssignmentPage>(door, `${at}/assignments`)).map(({ user }) => user ?? 'erased'),
  );
  let known = 0;
  for (const write of writes) {
    const { name, kind, acknowledged } = write;
    const found =
      kind === 'assign'
        ? assignedBy(name).filter((user) => users.has(user))
        : lines.filter(({ source }) => source === name);
    const whole = kind === 'assign' ? usersOfWrite : kind === 'import' ? linesOfImport : 1;
    assert.ok(
      found.length === whole || found.length === 0,
      `${name} is there ${found.length} of ${whole} times`,
    );
    if (acknowledged !== undefined) {
      assert.equal(found.length, whole, `${name} was acknowledged, and is not there`);
      if (kind === 'line') {
        const { lineId } = JSON.parse(acknowledged.body) as SubscriptionLine;
        assert.deepEqual(
          found.map((line) => (line as SubscriptionLine).lineId),
          [lineId],
        );
      }
    }
    known += found.length;
  }
  assert.equal(lines.length + users.size, known, `${customer} has what nobody wrote`);
}

function assignedBy(name: string): readonly string[] {
  return Array.from({ length: usersOfWrite }, (_, index) => `${name}-${index}@example.org`);
}

function importedBy(name: string): readonly string[] {
  return Array.from({ length: linesOfImport }, (_, index) => `${name}-${index}`);
}

function sendCsv(door: Door, rows: readonly string[]): Promise<Answer> {
  const body = `customerId,productType,seats,source,externalId\n${rows.join('\n')}\n`;
  return ask(door, 'POST', '/api/v1/import', { headers: { 'content-type': 'text/csv' }, body });
}

async function rowsOf<Page extends { data: readonly unknown[]; nextCursor: string | null }>(
  door: Door,
  path: string,
): Promise<readonly Page['data'][number][]> {
  const rows: Page['data'][number][] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const next: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await ask(door, 'GET', `${path}?limit=1000${next}`);
    assert.equal(status, 200, body);
    const page = JSON.parse(body) as Page;
    rows.push(...page.data);
    cursor = page.nextCursor;
  }
  return rows;
}

async function ask(
  { url, token }: Door,
  method: string,
  path: string,
  { headers = {}, body = null }: { headers?: Readonly<Record<string, string>>; body?: string | null } = {},
): Promise<Answer> {
  const answer = await fetch(url + path, {
    method,
    headers: { ...headers, authorization: `Bearer ${token}` },
    body,
  });
  return { status: answer.status, body: await answer.text() };
}
