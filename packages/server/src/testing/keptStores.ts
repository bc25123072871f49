/** Stores as older versions made them, kept as files, and what they are asked. */

import { fileURLToPath } from 'node:url';
import type { TestApp } from './server.ts';

const fileOf = (name: string) => fileURLToPath(new URL(`./stores/${name}`, import.meta.url));

/** Of the first schema, each with the same rows. */
export const keptStores = {
  /** The file of a data folder. */
  folderFile: fileOf('schema-1.db'),
  /** Statements that make a database. */
  databaseFile: fileOf('schema-1.sql'),
  /** The app that they know, and what they answer. */
  answersFile: fileOf('schema-1.json'),
};

/** The instant that all of them are asked at, after they were made. */
export const keptStoreNow = Date.UTC(2026, 11, 31);

export interface KeptAnswers {
  readonly app: TestApp;
  readonly answers: Readonly<Record<string, unknown>>;
}

const questions = [
  '/partner/external/v3/general/customers/contoso/avpt-products/type/2048/overview',
  '/api/v1/seats',
  `/api/v1/customers/contoso/seats/2048?asOf=${new Date(keptStoreNow - 60_000).toISOString()}`,
  '/api/v1/customers/contoso/seats/2048?asOf=2028-01-01T00:00:00Z',
  '/api/v1/customers',
  '/api/v1/customers/contoso/lines',
  '/api/v1/customers/contoso/assignments',
  '/api/v1/groups',
  '/api/v1/pools',
  '/api/v1/events?limit=1000',
  '/api/v1/events/head',
];

/** The answers by their questions. */
export async function askStore(url: string, token: string): Promise<KeptAnswers['answers']> {
  const answers: Record<string, unknown> = {};
  for (const path of questions) {
    const answer = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
    answers[path] = { status: answer.status, body: await answer.json() };
  }
  return answers;
}

export async function tokenOf(url: string, { clientId, clientSecret }: TestApp): Promise<string> {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const answer = await fetch(`${url}/connect/token`, { method: 'POST', body: new URLSearchParams(form) });
  if (answer.status !== 200) throw new Error(await answer.text());
  return ((await answer.json()) as { access_token: string }).access_token;
}
