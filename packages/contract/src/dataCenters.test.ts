import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dataCenterById, dataCenters } from './dataCenters.ts';

describe('the data centers', () => {
  test('are the 18 published ones, each with a GUID of its own', () => {
    assert.equal(dataCenters.length, 18);
    assert.equal(new Set(dataCenters.map(({ id }) => id)).size, 18);
    for (const { id } of dataCenters) assert.match(id, /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test('are found by their id, whatever its case', () => {
    for (const center of dataCenters) {
      assert.deepEqual(dataCenterById(center.id), center);
      assert.deepEqual(dataCenterById(center.id.toUpperCase()), center);
    }
  });

  test('are found by the two ids that were published wrong, and by no other', () => {
    assert.equal(dataCenterById('7b9835ec-7299-4177-85e3-ba5cb3b2e0411')?.name, 'Canada Central');
    assert.equal(dataCenterById('e44bb3ed-f1d8-4055-8c77-c8fd8cd634092')?.name, 'East US');
    for (const id of ['', 'East US', '49681f94-26a7-4825-aca2-df2eca7c0f811', '__proto__'])
      assert.equal(dataCenterById(id), undefined);
  });
});
