import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { productByType, products } from './products.ts';
import { defaultResource, resourceNamed, resources } from './resources.ts';

describe('the resources', () => {
  for (const { type, name } of products) {
    test(`of ${name} have exactly one default, which is the first of them`, () => {
      const own = resources.filter(({ productType }) => productType === type);
      const [first, ...others] = own;
      assert.ok(first);
      assert.equal(first.isDefault, true);
      assert.deepEqual(
        others.filter(({ isDefault }) => isDefault),
        [],
      );
      assert.equal(defaultResource(type), first);
    });
  }

  test('are of products of the catalogue', () => {
    for (const { productType } of resources) assert.ok(productByType(productType));
  });

  test('are found by id and by service text, in any letters and with blanks around them', () => {
    for (const resource of resources) {
      for (const text of [resource.id, resource.service]) {
        assert.equal(resourceNamed(text), resource);
        assert.equal(resourceNamed(` ${text.toUpperCase()} `), resource);
      }
    }
    assert.equal(resourceNamed(''), undefined);
    assert.equal(resourceNamed('Office365'), undefined);
  });

  test('have ids and service texts that name one of them each', () => {
    const names = resources.flatMap(({ id, service }) => [
      ...new Set([id.toLowerCase(), service.toLowerCase()]),
    ]);
    assert.equal(new Set(names).size, names.length);
  });

  test('of a product follow each other', () => {
    const types = resources.map(({ productType }) => productType);
    assert.deepEqual(
      types,
      types.toSorted((one, other) => one - other),
    );
  });

  for (const [id, type] of [
    ['Office365Backup', 2048],
    ['Office365PPBackup', 2048],
    ['Office365EXODBackup', 2048],
    ['PartnerTenantSettingManagement', 40],
    ['PartnerWorkspaceOnboarding', 42],
    ['PartnerUserManagement', 49],
    ['PartnerStorageOptimization', 65],
  ] as const) {
    test(`have ${id} of the page "Add a service" for product ${type}`, () => {
      assert.equal(resourceNamed(id)?.productType, type);
    });
  }

  /** Every text that production answered on 2025-12-12, with what the number on its lines counted. */
  const recorded: readonly (readonly [service: string, type: number, counts: 'units' | 'users'])[] = [
    ['Baseline management', 40, 'units'],
    ['Cense', 67_108_864, 'users'],
    ['Cloud Backup for Microsoft 365 - Microsoft 365 services', 2048, 'users'],
    ['Cloud Backup for Microsoft 365 - Power Platform', 2048, 'users'],
    ['Cloud Governance', 4, 'users'],
    ['Cloud Management', 4096, 'users'],
    ['EnPower', 134_217_728, 'users'],
    ['Fly Aviator', 16_777_216, 'units'],
    ['Fly Migration', 16_777_216, 'users'],
    ['Insights for Microsoft 365', 4_194_304, 'users'],
    ['MyHub', 60, 'users'],
    ['Opus - Discovery and analysis for Microsoft 365', 65_536, 'units'],
    ['Opus - Information Lifecycle for Microsoft 365', 65_536, 'users'],
    ['Opus - Storage optimization', 65_536, 'units'],
    ['Policies for Microsoft 365', 8_388_608, 'users'],
    ['User and device management', 49, 'users'],
    ['Workspace management', 42, 'users'],
    ['tyGraph - Copilot', 257, 'users'],
    ['tyGraph - Microsoft', 257, 'users'],
    ['tyGraph - Power BI Embedded', 257, 'users'],
  ];
  for (const [service, type, counts] of recorded) {
    test(`have the recorded service "${service}", which counts ${counts}`, () => {
      const resource = resourceNamed(service);
      assert.deepEqual([resource?.service, resource?.productType, resource?.counts], [service, type, counts]);
    });
  }
});
