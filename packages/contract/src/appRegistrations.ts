/** An app registration as the management API shows it. */

import { type Static, Type } from 'typebox';
import { permissions } from './permissions.ts';
import { defaultRevision, revisions } from './revisions.ts';
import { nameLengthMax } from './texts.ts';
import { customerIdPattern } from './customers.ts';

const permissionSchema = Type.Enum(permissions);
const revisionSchema = Type.Enum(revisions);

/** The years for which a client secret can be made. Source: the app registration pages of AvePoint Elements: 1, 2 or 3. */
export const secretYears = [1, 2, 3] as const;
export type SecretYears = (typeof secretYears)[number];

/** How many customers an app's scope can name one by one. */
export const scopeCustomersMax = 10_000;

const customerScope = Type.Union(
  [
    Type.Literal('all'),
    Type.Array(Type.String({ pattern: customerIdPattern }), { minItems: 1, maxItems: scopeCustomersMax }),
  ],
  { description: 'The customers that the app sees: all, or those named.' },
);

export const appRegistration = Type.Object(
  {
    clientId: Type.String({ format: 'uuid', description: 'The application (client) id.' }),
    name: Type.String(),
    permissions: Type.Array(permissionSchema),
    customers: customerScope,
    revision: revisionSchema,
    createdAt: Type.String({ format: 'date-time' }),
    secrets: Type.Array(
      Type.Object(
        {
          id: Type.String({ format: 'uuid' }),
          lastFour: Type.String({ description: 'The last four characters of the secret.' }),
          createdAt: Type.String({ format: 'date-time' }),
          expiresAt: Type.String({ format: 'date-time' }),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { title: 'AppRegistration', additionalProperties: false },
);
export type AppRegistration = Static<typeof appRegistration>;

export const newAppRegistration = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: nameLengthMax,
      description: 'No control characters, and no blank at either end.',
    }),
    permissions: Type.Array(permissionSchema, { minItems: 1, uniqueItems: true }),
    customers: Type.Optional(customerScope),
    revision: Type.Optional(Type.Enum(revisions, { default: defaultRevision })),
    secretYears: Type.Optional(Type.Enum(secretYears, { default: 1 })),
  },
  { title: 'NewAppRegistration', additionalProperties: false },
);
export type NewAppRegistration = Static<typeof newAppRegistration>;

export const createdAppRegistration = Type.Object(
  {
    ...appRegistration.properties,
    clientSecret: Type.String({ description: 'The secret, shown this once and never again.' }),
  },
  { title: 'CreatedAppRegistration', additionalProperties: false },
);
export type CreatedAppRegistration = Static<typeof createdAppRegistration>;

export const appRegistrationExample: AppRegistration = {
  clientId: '7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11',
  name: 'billing',
  permissions: ['elements.license.read.all', 'seatledger.read'],
  customers: 'all',
  revision: '2025-09-26',
  createdAt: '2026-01-31T09:30:00.000Z',
  secrets: [
    {
      id: '1f0a52f8-52fd-4a0a-8a2b-4ad0a4c3a3f0',
      lastFour: 'x7Qk',
      createdAt: '2026-01-31T09:30:00.000Z',
      expiresAt: '2027-01-31T09:30:00.000Z',
    },
  ],
};
