import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AppRegistration, appRegistrationExample, credentialExample } from '@seatledger/contract';
import { appColumns } from './app.ts';

/** The cells of the row of an app, by their titles. */
function row(app: Partial<AppRegistration>): Readonly<Record<string, string>> {
  const shown = { ...appRegistrationExample, ...app };
  return Object.fromEntries(appColumns.map(({ title, value }) => [title, String(value(shown))]));
}

test('a row tells all customers, how many, or how many groups', () => {
  const cases: [Partial<AppRegistration>, string][] = [
    [{ customers: 'all', groups: null }, 'all'],
    [{ customers: ['contoso', 'fabrikam'], groups: null }, '2'],
    [{ customers: null, groups: [21] }, '1 group'],
    [{ customers: null, groups: [21, 22] }, '2 groups'],
  ];
  for (const [scope, cell] of cases) assert.equal(row(scope)['CUSTOMERS'], cell);
});

test('a row tells the credential that expires first, and nothing where there is none or no use', () => {
  const credentials = ['2028-05-01', '2027-01-31', '2029-01-01'].map((day) => ({
    ...credentialExample,
    expiresAt: `${day}T09:30:00.000Z`,
  }));
  assert.equal(row({ credentials })['FIRST EXPIRY'], '2027-01-31');
  const bare = row({ credentials: [], lastUsedAt: null, disabled: true });
  assert.deepEqual([bare['FIRST EXPIRY'], bare['LAST USED'], bare['DISABLED']], ['', '', 'yes']);
});
