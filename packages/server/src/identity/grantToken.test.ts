import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { permissions, scopeLengthMax } from '@seatledger/contract';
import fc from 'fast-check';
import { makeTestTokens, type TestTokens } from '../testing/identity.ts';
import { someDay } from '../testing/store.ts';
import type { AuthenticatedClient } from './authenticateClient.ts';
import { createTokenGrant, type GrantToken } from './grantToken.ts';

const held = ['seatledger.read', 'elements.license.read.all', 'seatledger.write'] as const;
const authenticated: AuthenticatedClient = {
  client: {
    clientId: '7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11',
    partnerId: 1,
    permissions: held,
    revision: '2025-09-26',
    disabled: false,
    credentials: [],
    scopeVersion: 'all',
  },
  credentialId: '1f0a52f8-52fd-4a0a-8a2b-4ad0a4c3a3f0',
};

let tokens: TestTokens;
let grantToken: GrantToken;
before(async () => {
  tokens = await makeTestTokens();
  grantToken = createTokenGrant(tokens);
});

const grant = (scope?: string) => grantToken(authenticated, scope);

describe('the client credentials grant', () => {
  test('gives all that the app holds where no scope is asked for, in the order of the registration', async () => {
    const outcome = await grant();
    assert.ok('accessToken' in outcome);
    assert.deepEqual(outcome.permissions, held);
    assert.equal(outcome.expiresInSeconds, 3600);
  });

  test('gives a token of the app and of the credential that it used, with what was granted', async () => {
    const outcome = await grant('seatledger.write seatledger.read');
    assert.ok('accessToken' in outcome);
    const verified = await tokens.verify(outcome.accessToken);
    assert.ok('clientId' in verified);
    assert.equal(verified.clientId, authenticated.client.clientId);
    assert.equal(verified.credentialId, authenticated.credentialId);
    assert.deepEqual(verified.permissions, new Set(outcome.permissions));
    assert.equal(verified.expiresAt, someDay + 3_600_000);
  });

  test('gives what is asked for and held, each once, and nothing beside it', async () => {
    const some = fc.array(fc.constantFrom(...held), { minLength: 1, maxLength: 6 });
    const blanks = fc.constantFrom(' ', '  ', '    ');
    await fc.assert(
      fc.asyncProperty(some, blanks, async (asked, between) => {
        const outcome = await grant(`${between}${asked.join(between)}${between}`);
        assert.ok('accessToken' in outcome);
        assert.deepEqual(outcome.permissions, [...new Set(asked)]);
      }),
      { numRuns: 20 },
    );
  });

  test('gives nothing where something is asked for that is not held', async () => {
    for (const name of permissions.filter((permission) => !held.some((own) => own === permission))) {
      for (const scope of [name, `seatledger.read ${name}`, `${name} seatledger.read`]) {
        const outcome = await grant(scope);
        assert.ok('error' in outcome && outcome.error === 'invalid_scope');
        assert.ok(outcome.description.includes(name));
      }
    }
  });

  test('takes names as they are written, and no others', async () => {
    for (const scope of [
      'Seatledger.read',
      'seatledger.read,seatledger.write',
      'seatledger',
      'seatledger.*',
      'seatledger.read\t',
      'openid',
      '',
      '   ',
    ]) {
      const outcome = await grant(scope);
      assert.ok('error' in outcome && outcome.error === 'invalid_scope', scope);
    }
  });

  test('says back nothing that does not belong in an error description', async () => {
    for (const name of ['"quoted"', 'back\\slash', 'ünknown', 'x'.repeat(65), '<b>', 'line\nfeed']) {
      const outcome = await grant(name);
      assert.ok('error' in outcome && outcome.error === 'invalid_scope');
      assert.match(outcome.description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
      assert.ok(!outcome.description.includes(name));
    }
  });

  test(`takes a scope of ${scopeLengthMax} characters, and none that is longer`, async () => {
    const blanks = ' '.repeat(scopeLengthMax - 'seatledger.read'.length);
    assert.ok('accessToken' in (await grant(`seatledger.read${blanks}`)));
    const outcome = await grant(`seatledger.read${blanks} `);
    assert.ok('error' in outcome && outcome.error === 'invalid_scope');
  });
});
