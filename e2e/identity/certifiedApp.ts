/** A server with an app that proves with a certificate who it is. */

import assert from 'node:assert/strict';
import { after } from 'node:test';
import {
  type KeyKind,
  makeCertificate,
  type TestCertificate,
} from '../../packages/server/src/testing/certificates.ts';
import { createApp, startProduct, temporaryFolder } from '../product.ts';
import { seatQuestion } from './seatQuestion.ts';

export interface CertifiedApp extends TestCertificate {
  readonly clientId: string;
  /** SHA-1 of the certificate in upper-case hex. */
  readonly thumbprint: string;
}

/** Starts a server for all tests of the file that asks for it, with the numbers of the seat question in it. */
export async function serveCertifiedApps(): Promise<{
  url: string;
  register: (key: KeyKind) => Promise<CertifiedApp>;
}> {
  const folder = await temporaryFolder();
  const admin = await createApp(folder.path, [
    'seatledger.admin',
    'seatledger.write',
    'elements.license.read.all',
  ]);
  const product = await startProduct(folder.path);
  after(async () => {
    await product.stop();
    await folder[Symbol.asyncDispose]();
  });
  const { url } = product;
  const authorization = `Bearer ${await product.token(admin)}`;
  const [, customerId] = /customers\/([^/]+)/.exec(seatQuestion.path) ?? [];
  const { productType, availableUserSeat } = seatQuestion.answer;
  const imported = await fetch(`${url}/api/v1/import`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'text/csv' },
    body: `customerId,productType,seats\n${customerId},${productType},${availableUserSeat}\n`,
  });
  assert.equal(imported.status, 200);

  return {
    url,
    async register(key) {
      const certificate = makeCertificate({ key });
      const answer = await fetch(`${url}/api/v1/apps`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({
          name: key,
          permissions: ['elements.license.read.all'],
          certificates: [certificate.pem],
        }),
      });
      assert.equal(answer.status, 201);
      const app = (await answer.json()) as {
        clientId: string;
        clientSecret: null;
        credentials: { thumbprint: string }[];
      };
      const [credential] = app.credentials;
      assert.ok(credential);
      assert.equal(app.clientSecret, null);
      return { ...certificate, clientId: app.clientId, thumbprint: credential.thumbprint };
    },
  };
}
