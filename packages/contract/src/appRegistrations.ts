/** App registrations and their credentials as the management API shows them. */

import { type Static, Type } from './type.ts';
import { customerIdPattern } from './customers.ts';
import { changedSequence } from './management.ts';
import { permissions } from './permissions.ts';
import { defaultRevision, revisions } from './revisions.ts';
import { nameLengthMax } from './texts.ts';

const permissionSchema = Type.Enum(permissions);
const revisionSchema = Type.Enum(revisions);
const instant = Type.String({ format: 'date-time' });

/** The years for which a client secret can be made. Source: the app registration pages of AvePoint Elements: 1, 2 or 3. */
export const secretYears = [1, 2, 3] as const;
export type SecretYears = (typeof secretYears)[number];

/** How many customers an app's scope can name one by one. */
export const scopeCustomersMax = 10_000;
/** How many customer groups an app's scope can name. */
export const scopeGroupsMax = 100;
/** How many secrets and certificates an app can hold at once. */
export const credentialsMax = 20;
/** The longest certificate that is taken, in characters of PEM or base64. */
export const certificateLengthMax = 16_384;

const namedCustomers = Type.Array(Type.String({ pattern: customerIdPattern }), {
  minItems: 1,
  maxItems: scopeCustomersMax,
});
const namedGroups = Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: scopeGroupsMax });

/** What is asked for as customer scope: one of the two, or neither. */
const askedScope = {
  customers: Type.Optional(
    Type.Union([Type.Literal('all'), namedCustomers], {
      description: 'The customers that the app sees: all, or those named. Not together with groups.',
    }),
  ),
  groups: Type.Optional(
    Type.Array(namedGroups.items, {
      minItems: 1,
      maxItems: scopeGroupsMax,
      description:
        'The customer groups whose customers the app sees, by their ids. Not together with customers.',
    }),
  ),
};

const askedSecretYears = Type.Enum(secretYears, {
  description: 'For how many years the client secret is good.',
});
const askedCertificate = Type.String({
  minLength: 1,
  maxLength: certificateLengthMax,
  description:
    'An X.509 certificate as PEM, or its DER form in base64. Its key is RSA of 2048 to 8192 bits or on the curve P-256, and its key usage has digitalSignature.',
});

const use = {
  lastUsedAt: Type.Union([instant, Type.Null()], {
    description: 'When it was last used, to the minute; null where it was not yet.',
  }),
  lastUsedFrom: Type.Union([Type.String(), Type.Null()], {
    description: 'The address that it was last used from.',
  }),
};

const clientSecret = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    kind: Type.Literal('secret'),
    lastFour: Type.String({ description: 'The last four characters of the secret.' }),
    createdAt: instant,
    expiresAt: instant,
    ...use,
  },
  { title: 'ClientSecret', additionalProperties: false },
);

const clientCertificate = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    kind: Type.Literal('certificate'),
    thumbprint: Type.String({ description: 'SHA-1 of the certificate, in upper-case hex.' }),
    thumbprintSha256: Type.String({ description: 'SHA-256 of the certificate, in upper-case hex.' }),
    subject: Type.String(),
    createdAt: instant,
    startsAt: instant,
    expiresAt: instant,
    ...use,
  },
  { title: 'ClientCertificate', additionalProperties: false },
);

const credential = Type.Union([clientSecret, clientCertificate]);
export type AppCredential = Static<typeof credential>;

export const newCredential = Type.Object(
  { secretYears: Type.Optional(askedSecretYears), certificate: Type.Optional(askedCertificate) },
  {
    title: 'NewCredential',
    description: 'One of the two.',
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
    examples: [{ secretYears: 2 }],
  },
);
export type NewCredential = Static<typeof newCredential>;

const shownOnce = Type.Union([Type.String(), Type.Null()], {
  description: 'The secret, shown this once and never again; null where none was made.',
});

export const createdCredential = Type.Object(
  { credential, clientSecret: shownOnce },
  { title: 'CreatedCredential', additionalProperties: false },
);
export type CreatedCredential = Static<typeof createdCredential>;

export const appRegistration = Type.Object(
  {
    clientId: Type.String({ format: 'uuid', description: 'The application (client) id.' }),
    name: Type.String(),
    permissions: Type.Array(permissionSchema),
    customers: Type.Union([Type.Literal('all'), Type.Array(Type.String()), Type.Null()], {
      description: 'The customers that the app sees; null where groups says it.',
    }),
    groups: Type.Union([Type.Array(Type.Integer()), Type.Null()], {
      description: 'The customer groups whose customers the app sees; null where customers says it.',
    }),
    revision: revisionSchema,
    disabled: Type.Boolean({ description: 'Whether it gets no token, and its tokens are refused.' }),
    createdAt: instant,
    ...use,
    changedSequence,
    credentials: Type.Array(credential),
  },
  { title: 'AppRegistration', additionalProperties: false },
);
export type AppRegistration = Static<typeof appRegistration>;

const appName = Type.String({
  minLength: 1,
  maxLength: nameLengthMax,
  description: 'No control characters, and no blank at either end.',
});
const askedPermissions = Type.Array(permissionSchema, { minItems: 1, uniqueItems: true });

export const newAppRegistration = Type.Object(
  {
    name: appName,
    permissions: askedPermissions,
    ...askedScope,
    revision: Type.Optional(Type.Enum(revisions, { default: defaultRevision })),
    secretYears: Type.Optional(
      Type.Enum(secretYears, {
        description:
          'For how many years the client secret is good. Absent: one year, and no secret where certificates are given.',
      }),
    ),
    certificates: Type.Optional(Type.Array(askedCertificate, { minItems: 1, maxItems: credentialsMax })),
  },
  {
    title: 'NewAppRegistration',
    additionalProperties: false,
    examples: [
      { name: 'billing', permissions: ['elements.license.read.all', 'seatledger.read'] },
      { name: 'sync', permissions: ['seatledger.write'], customers: ['contoso'], secretYears: 2 },
    ],
  },
);
export type NewAppRegistration = Static<typeof newAppRegistration>;

export const appRegistrationChange = Type.Object(
  {
    name: Type.Optional(appName),
    permissions: Type.Optional(askedPermissions),
    ...askedScope,
    revision: Type.Optional(revisionSchema),
    disabled: Type.Optional(Type.Boolean()),
  },
  {
    title: 'AppRegistrationChange',
    additionalProperties: false,
    minProperties: 1,
    examples: [{ disabled: true }, { name: 'billing', customers: 'all' }],
  },
);
export type AppRegistrationChange = Static<typeof appRegistrationChange>;

export const createdAppRegistration = Type.Object(
  { ...appRegistration.properties, clientSecret: shownOnce },
  { title: 'CreatedAppRegistration', additionalProperties: false },
);
export type CreatedAppRegistration = Static<typeof createdAppRegistration>;

export const secretExample = 'sls_Zm9yIGV4YW1wbGUgb25seSwgbm90IGEgcmVhbCBzZWNyZXQ';

export const credentialExample: AppCredential = {
  id: '1f0a52f8-52fd-4a0a-8a2b-4ad0a4c3a3f0',
  kind: 'secret',
  lastFour: 'x7Qk',
  createdAt: '2026-01-31T09:30:00.000Z',
  expiresAt: '2027-01-31T09:30:00.000Z',
  lastUsedAt: '2026-02-01T08:00:00.000Z',
  lastUsedFrom: '203.0.113.7',
};

export const appRegistrationExample: AppRegistration = {
  clientId: '7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11',
  name: 'billing',
  permissions: ['elements.license.read.all', 'seatledger.read'],
  customers: 'all',
  groups: null,
  revision: '2025-09-26',
  disabled: false,
  createdAt: '2026-01-31T09:30:00.000Z',
  lastUsedAt: '2026-02-01T08:00:00.000Z',
  lastUsedFrom: '203.0.113.7',
  changedSequence: 12,
  credentials: [credentialExample],
};
