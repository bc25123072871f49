/** Whether an answer has the members of an app registration, or of what is made with one, that a command prints. */

import type {
  AppCredential,
  AppList,
  AppRegistration,
  CreatedAppRegistration,
  CreatedCredential,
} from '@seatledger/contract';
import { hasMembers } from './answerShape.ts';

export function isAppList(body: unknown): body is AppList {
  return hasMembers(body, {}) && Array.isArray(body.data) && body.data.every(isAppRegistration);
}

export function isAppRegistration(body: unknown): body is AppRegistration {
  return (
    hasMembers(body, {
      clientId: 'string',
      name: 'string',
      revision: 'string',
      disabled: 'boolean',
      createdAt: 'string',
      changedSequence: 'number',
    }) &&
    Array.isArray(body.permissions) &&
    (body.customers === null || body.customers === 'all' || Array.isArray(body.customers)) &&
    (body.groups === null || Array.isArray(body.groups)) &&
    isTextOrNull(body.lastUsedAt) &&
    isTextOrNull(body.lastUsedFrom) &&
    Array.isArray(body.credentials) &&
    body.credentials.every(isCredential)
  );
}

export function isCreatedApp(body: unknown): body is CreatedAppRegistration {
  return isAppRegistration(body) && 'clientSecret' in body && isTextOrNull(body.clientSecret);
}

export function isCreatedCredential(body: unknown): body is CreatedCredential {
  return hasMembers(body, {}) && isCredential(body.credential) && isTextOrNull(body.clientSecret);
}

function isCredential(body: unknown): body is AppCredential {
  return (
    hasMembers(body, { id: 'string', createdAt: 'string', expiresAt: 'string' }) &&
    isTextOrNull(body.lastUsedAt) &&
    isTextOrNull(body.lastUsedFrom) &&
    ((body.kind === 'secret' && typeof body.lastFour === 'string') ||
      (body.kind === 'certificate' &&
        hasMembers(body, { thumbprint: 'string', subject: 'string', startsAt: 'string' })))
  );
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
