/** What "Add a service" asks for, as lines that services are then listed from. */

import {
  addableProductTypes,
  defaultResource,
  type LicenseItem,
  ownSourceText,
  ownStorageText,
  packageTypeTexts,
  paymentTypeTexts,
  pooledSourceTexts,
  ProblemError,
  productByType,
  type ProductType,
  type Resource,
  resources,
  retentionText,
  saleTypeTexts,
  type ServiceToAdd,
  storageTypeTexts,
} from '@seatledger/contract';
import { refuseBody } from '../estate/index.ts';
import { instantOf } from './bodyTexts.ts';
import { instantToWire } from './instants.ts';

/** The one product that has storage, sale types and packages. */
const backupForMicrosoft365 = 2048;
/** Of its resources the one that has no packages. */
const powerPlatform = 'Office365PPBackup';

const addable = `Services of the products ${addableProductTypes.join(', ')} can be added.`;

/** Throws `product_type_unknown`, and `body_invalid` for a product of which the contract adds no services. */
export function addableProduct(type: number): ProductType {
  const product = productByType(type);
  if (product === undefined) throw new ProblemError('product_type_unknown', { detail: addable });
  const types: readonly number[] = addableProductTypes;
  if (!types.includes(type)) refuseBody('product', 'value_invalid', addable);
  return product.type;
}

/** A trial is of the product's default resource, and from no pool. Throws `body_invalid`. */
export function trialFromWire(body: ServiceToAdd, productType: ProductType) {
  if (body.licenseItems !== undefined && body.licenseItems.length > 0)
    refuseBody('licenseItems', 'value_invalid', 'A trial has no items.');
  return {
    resource: defaultResource(productType).id,
    source: ownSourceText,
    details: storageFromWire(body, productType),
  };
}

/** Throws `body_invalid`. */
export function servicesFromWire(body: ServiceToAdd, productType: ProductType) {
  const { licenseItems = [] } = body;
  if (licenseItems.length === 0) refuseBody('licenseItems', 'value_required');
  const storage = storageFromWire(body, productType);
  const named = new Set<string>();
  return licenseItems.map((item, index) => {
    const path = `licenseItems.${index}`;
    const resource = resourceOf(`${path}.resource`, item, productType);
    if (named.has(resource.id))
      refuseBody(`${path}.resource`, 'value_invalid', 'An item before has this resource; name each once.');
    named.add(resource.id);
    return {
      resource: resource.id,
      source: pooledSourceTexts[item.subscriptionSourceType],
      seats: item.userSeat,
      expiresAt: endOf(path, item),
      details: {
        ...storage,
        ...packageFromWire(path, item, resource),
        paymentType: paymentTypeTexts[item.paymentType],
        ...contractEndOf(`${path}.contractEndDate`, item),
      },
    };
  });
}

/** Real clients send a storage for every product; it is looked at where there is one. */
function storageFromWire(
  { avepointStorageType, retentionYear, byos = false, storageProfileId }: ServiceToAdd,
  productType: ProductType,
): { storage?: string; retention?: string } {
  if (productType !== backupForMicrosoft365) return {};
  if (byos) {
    if (storageProfileId === undefined) refuseBody('storageProfileId', 'value_required');
    if (avepointStorageType !== undefined)
      refuseBody('avepointStorageType', 'value_invalid', 'It does not go with byos.');
    return {
      storage: ownStorageText,
      ...(retentionYear === undefined ? {} : { retention: retentionText(retentionYear) }),
    };
  }
  if (storageProfileId !== undefined)
    refuseBody('storageProfileId', 'value_invalid', 'It goes with byos alone.');
  if (avepointStorageType === undefined) return refuseBody('avepointStorageType', 'value_required');
  if (retentionYear === undefined) return refuseBody('retentionYear', 'value_required');
  return { storage: storageTypeTexts[avepointStorageType], retention: retentionText(retentionYear) };
}

function resourceOf(field: string, { resource: id }: LicenseItem, productType: ProductType): Resource {
  const resource = resources.find((known) => known.id.toLowerCase() === id.toLowerCase());
  if (resource === undefined) return refuseBody(field, 'resource_unknown');
  if (resource.productType !== productType) refuseBody(field, 'resource_of_other_product');
  return resource;
}

/** The page's samples name an end beside that of the pool, which counts then. */
function endOf(path: string, { isSameAsPool = false, expireTime }: LicenseItem): number | 'as_pool' {
  const at = expireTime === undefined ? undefined : instantOf(`${path}.expireTime`, expireTime);
  if (isSameAsPool) return 'as_pool';
  return at ?? refuseBody(`${path}.expireTime`, 'value_required');
}

function packageFromWire(
  path: string,
  { saleType, packageType, customerSize }: LicenseItem,
  { id, productType }: Resource,
): { subscriptionModel?: string; package?: string } {
  if (productType !== backupForMicrosoft365) return {};
  if (saleType === undefined) return refuseBody(`${path}.saleType`, 'value_required');
  const subscriptionModel = saleTypeTexts[saleType];
  if (id === powerPlatform) return { subscriptionModel };
  if (packageType === undefined) return refuseBody(`${path}.packageType`, 'value_required');
  if (customerSize === undefined) refuseBody(`${path}.customerSize`, 'value_required');
  return { subscriptionModel, package: packageTypeTexts[packageType] };
}

/** Kept as we send instants, as the end of any other line's contract. */
function contractEndOf(field: string, { contractEndDate: text }: LicenseItem): { contractEndDate?: string } {
  return text === undefined ? {} : { contractEndDate: instantToWire(instantOf(field, text)) };
}
