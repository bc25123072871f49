import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Operation } from './operation.ts';
import { scopeLengthMax } from './operations/tokens.ts';
import { operations } from './operations/index.ts';
import { isPermission, permissions } from './permissions.ts';

describe('the permissions', () => {
  test('are each named once, in the characters that a scope may have', () => {
    assert.equal(new Set(permissions).size, permissions.length);
    for (const permission of permissions) assert.match(permission, /^[a-z0-9]+(\.[a-z0-9]+)+$/);
  });

  test('are known by their exact names alone', () => {
    for (const permission of permissions) {
      assert.equal(isPermission(permission), true);
      for (const other of [permission.toUpperCase(), ` ${permission}`, permission.slice(0, -1)]) {
        assert.equal(isPermission(other), false);
      }
    }
    assert.equal(isPermission('toString'), false);
  });

  test('hold every one that an operation needs', () => {
    for (const { permission } of Object.values<Operation>(operations)) {
      if (permission !== undefined) assert.equal(isPermission(permission), true);
    }
  });

  test('can all be asked for at once', () => {
    assert.ok(permissions.join(' ').length <= scopeLengthMax);
  });
});
