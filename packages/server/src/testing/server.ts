/** A real server on a store and a port of its own, with a clock that the test moves. */

import { type CreatedAppRegistration, type NewAppRegistration, permissions } from '@seatledger/contract';
import { startServer } from '../app.ts';
import type { ServeConfig } from '../config.ts';
import { openOperatorStore } from '../operatorStore.ts';
import { testConfig } from './config.ts';
import { openTestPlace, type TestPlace } from './place.ts';

export interface TestApp {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface TestServer {
  readonly url: string;
  /** Empty where the test does not ask for metrics. */
  readonly metricsUrl: string;
  /** Where it keeps everything. */
  readonly place: TestPlace;
  /** An app of the partner that the server's customers belong to, with every permission there is. */
  readonly admin: TestApp;
  /** The same of another partner. */
  readonly otherAdmin: TestApp;
  /** Moves the server's clock; epoch milliseconds. */
  setNow(now: number): void;
  now(): number;
  /** An app with a secret. */
  createApp(registration: Partial<NewAppRegistration>, by?: TestApp): Promise<TestApp>;
  token(app: TestApp, scope?: string): Promise<string>;
  /** A request with the app's token, or with none. */
  request(path: string, options?: RequestInit & { as?: TestApp | undefined }): Promise<Response>;
  /** Imports CSV as the app (the admin by default); fails where it is refused. */
  importCsv(csv: string, by?: TestApp): Promise<void>;
  /** Stops the server and removes its store. */
  stop(): Promise<void>;
}

/** `publicUrl` is where it listens unless the test says something else. */
export async function startTestServer({
  publicUrl,
  ...config
}: Partial<Pick<ServeConfig, 'metrics' | 'publicUrl' | 'rateLimit'>> = {}): Promise<TestServer> {
  const place = await openTestPlace();
  const store = await openOperatorStore(place.flags);
  const all = { name: 'admin', permissions: [...permissions] };
  const partners = ['one', 'other'];
  for (const name of partners) await store.createPartner(name);
  const [admin, otherAdmin] = await Promise.all(
    partners.map(async (partner) => withSecret(await store.createApp(all, partner))),
  );
  await store.close();
  if (admin === undefined || otherAdmin === undefined) throw new Error('both partners have an app');

  let offset = 0;
  const now = () => Date.now() + offset;
  const server = await startServer(testConfig({ place: place.place, publicUrl, ...config }), { now });

  const test: TestServer = {
    url: server.url,
    metricsUrl: server.metricsUrl ?? '',
    place,
    admin,
    otherAdmin,
    now,
    setNow(instant) {
      offset = instant - Date.now();
    },
    async createApp(registration, by = admin) {
      const response = await test.request('/api/v1/apps', {
        as: by,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'app', permissions: ['elements.license.read.all'], ...registration }),
      });
      if (response.status !== 201) throw new Error(await response.text());
      return withSecret((await response.json()) as CreatedAppRegistration);
    },
    async token({ clientId, clientSecret }, scope) {
      const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
      const response = await fetch(`${server.url}/connect/token`, {
        method: 'POST',
        body: new URLSearchParams(scope === undefined ? form : { ...form, scope }),
      });
      if (response.status !== 200) throw new Error(await response.text());
      return ((await response.json()) as { access_token: string }).access_token;
    },
    async request(path, { as, ...init } = {}) {
      const headers = new Headers(init.headers);
      if (as !== undefined) headers.set('authorization', `Bearer ${await test.token(as)}`);
      return fetch(`${server.url}${path}`, { ...init, headers });
    },
    async importCsv(csv, by = admin) {
      const response = await test.request('/api/v1/import', {
        as: by,
        method: 'POST',
        headers: { 'content-type': 'text/csv' },
        body: csv,
      });
      if (response.status !== 200) throw new Error(await response.text());
      await response.arrayBuffer();
    },
    async stop() {
      await server.stop();
      await place.remove();
    },
  };
  return test;
}

/** The app, of which a test knows that it was made with a secret. */
export function withSecret<App extends { clientSecret: string | null }>(
  app: App,
): App & { clientSecret: string } {
  const { clientSecret } = app;
  if (clientSecret === null) throw new Error('the app has no secret');
  return { ...app, clientSecret };
}
