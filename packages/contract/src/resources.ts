/**
 * What a subscription line can entitle to inside a product.
 *
 * The seven ids of the "Add a service" page (AvePoint Graph API, state of 2026-07-01) are kept as they are. Every service text that
 * production was seen to answer (2025-12-12) is a resource as well; where the page has no id for it, the id is ours. A product for which
 * neither is known has one resource, named after it.
 */

import { type ProductType, productByType } from './products.ts';

/** What the number on a line of this resource counts. Seat arithmetic takes a unit for a seat, as production does. */
export type ResourceUnit = 'users' | 'units';

export interface Resource {
  readonly id: string;
  readonly productType: ProductType;
  /** The text that the contract's service lists show for it. */
  readonly service: string;
  readonly counts: ResourceUnit;
  /** Whether a line of the product that names no resource is of this one. Exactly one resource of a product is. */
  readonly isDefault: boolean;
}

/**
 * By product in the order of the catalogue; the first of a product is its default.
 *
 * Baseline management was recorded with "purchasedUnits". Fly Aviator and two of Opus were recorded with a capacity and neither seats nor
 * units, so a number on a line of theirs can only be one of units.
 */
const table: readonly (readonly [productType: number, id: string, service: string, counts: ResourceUnit])[] =
  [
    [1, 'DocAveOnline', 'DocAve Online', 'users'],
    [4, 'CloudGovernance', 'Cloud Governance', 'users'],
    [32, 'CloudBackupForSalesforce', 'Cloud Backup for Salesforce', 'users'],
    [40, 'PartnerTenantSettingManagement', 'Baseline management', 'units'],
    [41, 'RiskManagement', 'Risk Management', 'users'],
    [42, 'PartnerWorkspaceOnboarding', 'Workspace management', 'users'],
    [49, 'PartnerUserManagement', 'User and device management', 'users'],
    [60, 'MyHub', 'MyHub', 'users'],
    [65, 'PartnerStorageOptimization', 'Workspace management - Storage optimization', 'users'],
    [257, 'TyGraphMicrosoft', 'tyGraph - Microsoft', 'users'],
    [257, 'TyGraphCopilot', 'tyGraph - Copilot', 'users'],
    [257, 'TyGraphPowerBIEmbedded', 'tyGraph - Power BI Embedded', 'users'],
    [2048, 'Office365Backup', 'Cloud Backup for Microsoft 365 - Microsoft 365 services', 'users'],
    [2048, 'Office365PPBackup', 'Cloud Backup for Microsoft 365 - Power Platform', 'users'],
    [2048, 'Office365EXODBackup', 'Cloud Backup for Microsoft 365 - Exchange Online & OneDrive', 'users'],
    [4096, 'CloudManagement', 'Cloud Management', 'users'],
    [8192, 'CloudArchiving', 'Cloud Archiving', 'users'],
    [65_536, 'OpusInformationLifecycle', 'Opus - Information Lifecycle for Microsoft 365', 'users'],
    [65_536, 'OpusStorageOptimization', 'Opus - Storage optimization', 'units'],
    [65_536, 'OpusDiscoveryAndAnalysis', 'Opus - Discovery and analysis for Microsoft 365', 'units'],
    [131_072, 'CloudBackupForDynamics365', 'Cloud Backup for Dynamics 365', 'users'],
    [4_194_304, 'InsightsForMicrosoft365', 'Insights for Microsoft 365', 'users'],
    [8_388_608, 'PoliciesForMicrosoft365', 'Policies for Microsoft 365', 'users'],
    [16_777_216, 'FlyMigration', 'Fly Migration', 'users'],
    [16_777_216, 'FlyAviator', 'Fly Aviator', 'units'],
    [33_554_432, 'CloudBackupForGoogleWorkspace', 'Cloud Backup for Google Workspace', 'users'],
    [67_108_864, 'Cense', 'Cense', 'users'],
    [134_217_728, 'EnPower', 'EnPower', 'users'],
    [1_073_741_824, 'CloudBackupForIaaSPaaS', 'Cloud Backup for IaaS + PaaS', 'users'],
  ];

/** Every resource, a product's default before its others. */
export const resources: readonly Resource[] = table.map(([type, id, service, counts], index) => {
  const product = productByType(type);
  if (product === undefined)
    throw new Error(`resource ${id} is of product ${type}, which the catalogue does not have`);
  return { id, productType: product.type, service, counts, isDefault: table[index - 1]?.[0] !== type };
});

const byIdOrService = new Map<string, Resource>(
  resources.flatMap((resource) => [
    [resource.id.toLowerCase(), resource],
    [resource.service.toLowerCase(), resource],
  ]),
);
const defaultByType = new Map<number, Resource>(
  resources.filter(({ isDefault }) => isDefault).map((resource) => [resource.productType, resource]),
);

/** The resource with this id or service text, case ignored; undefined where there is none. */
export function resourceNamed(idOrService: string): Resource | undefined {
  return byIdOrService.get(idOrService.trim().toLowerCase());
}

/** The resource of a line of this product that names none. */
export function defaultResource(productType: ProductType): Resource {
  const resource = defaultByType.get(productType);
  if (resource === undefined) throw new Error(`product ${productType} has no default resource`);
  return resource;
}
