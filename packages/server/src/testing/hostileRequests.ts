/** Requests of a documented operation as bytes: valid, nearly valid, and as only a broken or hostile client sends them. */

import fc from 'fast-check';
import type { DocumentedOperation, DocumentedParameter, DocumentedSchema } from './documented.ts';
import { hostileText, nearlyValueOf, valueOf } from './hostileValues.ts';
import type { World } from './preparedWorld.ts';

/** A text, or null for the value of that name in the world. */
type Filling = string | null;

export interface HostileRequest {
  readonly operation: DocumentedOperation;
  readonly path: Readonly<Record<string, Filling>>;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** As they are sent; the bearer token `{admin}` is that of an app with every permission. */
  readonly headers: readonly string[];
  /** Each character is a byte. A form is given by its fields. */
  readonly body: string | readonly (readonly [name: string, value: Filling])[];
  readonly framing: Framing;
  /** Whether the same is sent twice on the connection, without waiting. */
  readonly isPipelined: boolean;
}

const framings = [
  'length',
  'chunked',
  'none',
  'short',
  'long',
  'both',
  'chunkedBroken',
  'notNumber',
] as const;
type Framing = (typeof framings)[number];

const adminBearer = 'authorization: Bearer {admin}';

export function hostileRequestOf(operation: DocumentedOperation): fc.Arbitrary<HostileRequest> {
  const { parameters } = operation;
  const inPath = parameters.filter(({ in: where }) => where === 'path');
  const inQuery = parameters.filter(({ in: where }) => where === 'query');
  const inHeader = parameters.filter(({ in: where }) => where === 'header');
  return fc
    .record({
      path: fc.record(Object.fromEntries(inPath.map((one) => [one.name, segmentOf(one)]))),
      query: queryOf(inQuery),
      named: fc.tuple(...inHeader.map(headerOf)),
      others: fc.oneof(fc.constant([]), fc.array(otherHeader, { maxLength: 2 })),
      authorization: mostly(adminBearer, [
        null,
        'authorization: Bearer {token}',
        'authorization: Bearer x',
        'authorization:',
      ]),
      host: mostly('host: seats', [null, 'host:', 'host: a b', 'host: seats\r\nhost: other']),
      body: bodyOf(operation),
      framing: mostly<Framing>('length', framings),
      isPipelined: mostly(false, [true]),
    })
    .map(({ named, others, authorization, host, body: { type, body }, ...request }) => ({
      operation,
      ...request,
      body,
      headers: [host, authorization, type, ...named, ...others].filter((line) => line !== null),
    }));
}

/** The first nine times out of ten. */
function mostly<Value>(usual: NoInfer<Value>, others: readonly Value[]): fc.Arbitrary<Value> {
  return fc.oneof(
    { weight: 9, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

/** What is in a segment stays in it: a slash as it is would make the path that of another operation, or of none. */
function segmentOf({ schema }: DocumentedParameter): fc.Arbitrary<Filling> {
  const encoded = fc.oneof(valueOf(schema), hostileText).map((value) => encode(textOf(value)));
  const bare = fc.constantFrom(
    '%ff',
    '%',
    '%2',
    '%00',
    '%2f..%2f',
    '\xff',
    '\x80',
    ';a=b',
    '%C0%AF',
    '*',
    '"',
    '\\',
  );
  return fc
    .oneof(
      { weight: 5, arbitrary: fc.constant(null) },
      { weight: 3, arbitrary: encoded },
      { weight: 1, arbitrary: bare },
    )
    .filter((segment) => segment !== '');
}

function queryOf(declared: readonly DocumentedParameter[]): fc.Arbitrary<HostileRequest['query']> {
  const known = declared.map(({ name, schema }) =>
    fc.tuple(
      fc.constant(name),
      fc.oneof({ weight: 3, arbitrary: valueOf(schema).map(textOf) }, { weight: 1, arbitrary: hostileText }),
    ),
  );
  const unknown = fc.tuple(hostileText, hostileText);
  const all = fc.oneof(
    { weight: 6, arbitrary: fc.oneof(...(known.length > 0 ? known : [unknown])) },
    unknown,
  );
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(all, { maxLength: 3 }) },
  );
}

function headerOf({ name, required, schema }: DocumentedParameter): fc.Arbitrary<string | null> {
  const value = fc.oneof(
    { weight: 4, arbitrary: valueOf(schema).map(textOf) },
    { weight: 1, arbitrary: hostileText },
  );
  const line = value.map((text) => `${name}: ${fieldOf(text)}`);
  return fc.oneof({ weight: required ? 9 : 2, arbitrary: line }, { weight: 1, arbitrary: fc.constant(null) });
}

/** What a header field can carry at all. */
function fieldOf(text: string): string {
  return bytesOf(text).replaceAll(/\p{Cc}/gu, (control) =>
    control > '\u007f' || control === '\t' ? control : '',
  );
}

const otherHeader: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...[
      [
        'accept: text/csv',
        'accept: application/x-ndjson',
        'accept: image/png',
        'accept: */*;q=0',
        'accept: ,',
      ],
      ['accept-encoding: gzip', 'accept-encoding: br;q=1, *;q=0', 'accept-encoding: \xff'],
      ['if-none-match: *', 'if-none-match: W/"1", "', 'if-match: "1"', 'range: bytes=0-1', 'api-version: 1'],
      [
        'expect: 100-continue',
        'expect: 200-ok',
        'upgrade: websocket',
        'content-encoding: gzip',
        'te: trailers',
      ],
      ['request-id: a', 'request-id: \xff', 'x-http-method-override: DELETE', 'x-forwarded-for: 1.2.3.4'],
      [
        'cookie: a=b',
        'origin: null',
        'last-event-id: -1',
        'forwarded: for=a',
        'x y: z',
        ': nothing',
        'nothing',
      ],
      ['content-type: application/json', 'idempotency-key: a', 'idempotency-key: a b', 'change-reason: %ff'],
    ].flat(),
  ),
  fc.oneof(
    { weight: 19, arbitrary: hostileText.map((text) => `x-anything: ${fieldOf(text)}`) },
    { weight: 1, arbitrary: fc.constant(`x-large: ${'a'.repeat(17_000)}`) },
  ),
);

const contentTypes = [
  ['application/json', 'application/json; charset=utf-16', 'text/plain', 'text/csv', 'application/x-ndjson'],
  [
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json, text/csv',
    '/',
    'ÿ',
  ],
].flat();

interface Body {
  readonly type: string | null;
  readonly body: HostileRequest['body'];
}

function bodyOf({ requestBody }: DocumentedOperation): fc.Arbitrary<Body> {
  const contents = Object.entries(requestBody?.content ?? {});
  if (contents.length === 0) {
    const type = mostly<string | null>(
      null,
      contentTypes.map((name) => `content-type: ${name}`),
    );
    return fc.record({ type, body: fc.oneof({ weight: 4, arbitrary: fc.constant('') }, brokenText) });
  }
  return fc.oneof(
    ...contents.map(([mediaType, { schema }]) =>
      fc.record({
        type: mostly<string | null>(`content-type: ${mediaType}`, [
          null,
          ...contentTypes.map((name) => `content-type: ${name}`),
        ]),
        body: contentOf(mediaType, schema),
      }),
    ),
  );
}

function contentOf(mediaType: string, schema: DocumentedSchema): fc.Arbitrary<HostileRequest['body']> {
  if (mediaType === 'application/x-www-form-urlencoded') return fc.oneof(fieldsOf(schema), brokenText);
  if (mediaType !== 'application/json') return fc.oneof(linesOf(schema), brokenText);
  const valid = valueOf(schema).map((value) => bytesOf(JSON.stringify(value)));
  const nearly = nearlyValueOf(schema).map((value) => bytesOf(JSON.stringify(value)));
  return fc.oneof(
    { weight: 4, arbitrary: valid },
    { weight: 5, arbitrary: nearly },
    {
      weight: 2,
      arbitrary: fc.tuple(valid, fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1))),
    },
    { weight: 1, arbitrary: fc.tuple(valid, nearly).map(([one, other]) => twice(one, other)) },
    { weight: 1, arbitrary: valid.map((text) => Buffer.from(text, 'utf16le').toString('latin1')) },
    { weight: 1, arbitrary: valid.map((text) => `\xef\xbb\xbf${text}`) },
    { weight: 2, arbitrary: brokenText },
  );
}

/** One object with the members of both, so that names come twice. */
function twice(one: string, other: string): string {
  return one.endsWith('}') && other.startsWith('{') ? `${one.slice(0, -1)},${other.slice(1)}` : one + other;
}

function fieldsOf({
  properties = {},
  examples = [],
}: DocumentedSchema): fc.Arbitrary<HostileRequest['body']> {
  const [example = {}] = examples as readonly Readonly<Record<string, string>>[];
  const names = Object.keys(properties);
  const value = fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: hostileText });
  const field = fc.tuple(fc.oneof(fc.constantFrom(...names), hostileText), hostileText);
  return fc
    .tuple(
      fc.tuple(
        ...Object.entries(example).map(([name, text]) => value.map((one) => [name, one, text] as const)),
      ),
      fc.array(field, { maxLength: 2 }),
    )
    .map(([usual, more]) => [
      // The world knows who the app is; what else the example says holds anywhere.
      ...usual.map(([name, one, text]): [string, Filling] => [
        name,
        one ?? (worldly.has(name) ? null : text),
      ]),
      ...(more.length > 1 ? more : []),
    ]);
}

const worldly: ReadonlySet<string> = new Set(['client_id', 'client_secret', 'token']);

/** Lines of the examples with something between and in them. */
function linesOf({ examples = [] }: DocumentedSchema): fc.Arbitrary<string> {
  const example = fc.constantFrom(...(examples as readonly string[]), '');
  return fc.tuple(example, fc.nat(), hostileText, fc.boolean()).map(([text, at, hostile, keeps]) => {
    const place = at % (text.length + 1);
    return keeps ? text : bytesOf(text.slice(0, place) + hostile + text.slice(place + hostile.length));
  });
}

const brokenText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 60 }) },
  { weight: 4, arbitrary: hostileText.map(bytesOf) },
  {
    weight: 2,
    arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        [
          'null',
          '[]',
          '{}',
          '""',
          '1',
          '{"a":1',
          '{"__proto__":{}}',
          '{"constructor":{"prototype":{}}}',
          '&&==&',
        ],
        [
          '['.repeat(50_000),
          '{"a":'.repeat(50_000),
          '['.repeat(5000) + ']'.repeat(5000),
          '\xff\xfe',
          '\r\n\r\n',
        ],
      ].flat(),
    ),
  },
  { weight: 1, arbitrary: fc.constant(`{"a":"${'a'.repeat(1_100_000)}"}`) },
);

/** What the request is on the wire, each character a byte. */
export function wireOf(request: HostileRequest, world: World, admin: string): string {
  const { isPipelined } = request;
  return isPipelined
    ? messageOf(request, world, admin, 'keep-alive') + messageOf(request, world, admin, 'close')
    : messageOf(request, world, admin, 'close');
}

function messageOf(request: HostileRequest, world: World, admin: string, connection: string): string {
  const { operation, path, query, headers } = request;
  const url = operation.path.replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) => path[name] ?? encode(world[name] ?? 'none'),
  );
  const search = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  const lines = headers.map((line) =>
    line.replace('{admin}', admin).replace('{token}', world['token'] ?? ''),
  );
  const [framing, body] = framed(request.framing, textOfBody(request.body, world));
  const head = [
    `${operation.method} ${url}${search === '' ? '' : `?${search}`} HTTP/1.1`,
    ...lines,
    `connection: ${connection}`,
    ...framing,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** Whether the server has to wait for more than there is, so that the sender ends its side. */
export function isCutShort({ framing }: HostileRequest): boolean {
  return ['long', 'chunkedBroken', 'both', 'notNumber'].includes(framing);
}

function framed(framing: Framing, body: string): [headers: string[], body: string] {
  const { length } = body;
  const chunk = `${length.toString(16)}\r\n${body}\r\n`;
  const forms: Readonly<Record<Framing, [headers: string[], body: string]>> = {
    length: [[`content-length: ${length}`], body],
    chunked: [['transfer-encoding: chunked'], `${length === 0 ? '' : chunk}0\r\n\r\n`],
    none: [[], ''],
    short: [[`content-length: ${Math.floor(length / 2)}`], body],
    long: [[`content-length: ${length + 10}`], body],
    both: [[`content-length: ${length}`, 'transfer-encoding: chunked'], chunk],
    chunkedBroken: [['transfer-encoding: chunked'], `zz\r\n${body}`],
    notNumber: [['content-length: -1'], body],
  };
  return forms[framing];
}

function textOfBody(body: HostileRequest['body'], world: World): string {
  if (typeof body === 'string') return body;
  return body.map(([name, value]) => `${encode(name)}=${encode(value ?? world[name] ?? '')}`).join('&');
}

const encode = (text: string) => encodeURIComponent(text.toWellFormed());
function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}
const textOf = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
