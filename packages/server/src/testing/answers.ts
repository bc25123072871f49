/** What tests expect of answers, and how they send what `fetch` would mend or refuse. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type FieldProblem, type ProblemCode, problems } from '@seatledger/contract';

export interface ProblemBody {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly requestId: string;
  readonly errors?: readonly FieldProblem[];
  readonly errorCount?: number;
  readonly numbers?: Readonly<Record<string, number | string>>;
}

/** Fails unless the answer is this problem, in the one form that problems have. */
export async function assertProblem(
  answer: Response,
  status: number,
  code: ProblemCode,
): Promise<ProblemBody> {
  const { headers } = answer;
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  assert.equal(headers.get('content-type'), 'application/problem+json; charset=utf-8');
  const body = JSON.parse(text);
  const { detail, requestId, errors, errorCount, numbers } = body;
  assert.deepEqual(body, {
    type: `/problems/${code}`,
    title: problems[code].title,
    status,
    detail,
    code,
    message: detail,
    requestId: headers.get('request-id'),
    ...(errors === undefined ? {} : { errors }),
    ...(errorCount === undefined ? {} : { errorCount }),
    ...(numbers === undefined ? {} : { numbers }),
  });
  assert.match(requestId, /^[A-Za-z0-9._:-]{1,64}$/);
  assert.equal(typeof detail, 'string');
  if (status === 401 || status === 403) assert.match(headers.get('www-authenticate') ?? '', /^Bearer /);
  if (status === 429 || status === 503) assert.match(headers.get('retry-after') ?? '', /^\d+$/);
  if (status === 405) assert.notEqual(headers.get('allow'), null);
  return body as ProblemBody;
}

/** The errors of a problem as `field code` or, for a file, `line field code`. */
export function errorsOf({ errors = [] }: ProblemBody): readonly string[] {
  return errors.map(({ line, field, code }) => `${line === undefined ? '' : `${line} `}${field} ${code}`);
}

/** Everything that may tell two answers apart: status, headers and body, without what names the answer and when it was given. */
export async function comparable(answer: Response): Promise<object> {
  const { ['request-id']: requestId, date: _, ...headers } = Object.fromEntries(answer.headers);
  assert.ok(requestId);
  const body = (await answer.text()).replaceAll(requestId, 'REQUEST-ID');
  return { status: answer.status, headers, body };
}

/** A connection of its own. It is the test's to end. */
export async function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) }).setEncoding('latin1');
  await once(socket, 'connect');
  return socket;
}

/** Sends the bytes as they are, and gives the answers that came until the server ended the connection. */
export async function exchange(url: string, bytes: string): Promise<readonly Response[]> {
  const socket = await openSocket(url);
  socket.write(bytes, 'latin1');
  return readAnswers(socket);
}

/** The answers that come until the server ends the connection, with those to HEAD at the end alone. */
export async function readAnswers(socket: Socket): Promise<readonly Response[]> {
  let text = '';
  for await (const chunk of socket) text += chunk;
  return answersIn(text);
}

/** The answers in all that came on a connection. */
export function answersIn(text: string): readonly Response[] {
  if (text === '') return [];
  const endOfHead = text.indexOf('\r\n\r\n');
  assert.notEqual(endOfHead, -1, `no answer begins like ${text.slice(0, 100)}`);
  const [statusLine = '', ...fields] = text.slice(0, endOfHead).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) ./.exec(statusLine)?.[1]);
  const rest = text.slice(endOfHead + 4);
  // An interim answer has no body and comes before the one that counts.
  if (status === 100) return answersIn(rest);
  const headers = new Headers(
    fields.map((field): [string, string] => {
      const [name = '', ...value] = field.split(':');
      return [name, value.join(':').trim()];
    }),
  );
  const length = Number(headers.get('content-length') ?? 0);
  return [new Response(rest.slice(0, length), { status, headers }), ...answersIn(rest.slice(length))];
}
