/**
 * The products that seats are counted for.
 *
 * `productType` is an opaque code, not a bit mask, although many values are powers of two (40, 41, 42, 49, 60, 65 and 257 are not).
 * Source: "Get customer avepoint user seats" (AvePoint Graph API, page of 2025-09-26), which lists exactly these 22 values.
 */

declare const productTypeBrand: unique symbol;

/** A `productType` of the catalogue. Made by `productByType` or `productByName` alone. */
export type ProductType = number & { readonly [productTypeBrand]: true };

export interface Product {
  readonly type: ProductType;
  readonly name: string;
}

const namesByType: readonly (readonly [number, string])[] = [
  [1, 'DocAve Online'],
  [4, 'Cloud Governance'],
  [32, 'Cloud Backup for Salesforce'],
  [40, 'Baseline Management'],
  [41, 'Risk Management'],
  [42, 'Workspace Management'],
  [49, 'User Management'],
  [60, 'MyHub'],
  [65, 'WorkSpace Management - Storage Optimization'],
  [257, 'TyGraph'],
  [2048, 'Cloud Backup for Microsoft 365'],
  [4096, 'Cloud Management'],
  [8192, 'Cloud Archiving'],
  [65_536, 'Opus'],
  [131_072, 'Cloud Backup for Dynamics 365'],
  [4_194_304, 'Insights'],
  [8_388_608, 'Policies for Microsoft 365'],
  [16_777_216, 'Fly'],
  [33_554_432, 'Cloud Backup for Google Workspace'],
  [67_108_864, 'Cense'],
  [134_217_728, 'Enpower'],
  [1_073_741_824, 'Cloud Backup for IaaS + PaaS'],
];

/** The 22 products in the order of the page that lists them: by ascending `type`. */
export const products: readonly Product[] = namesByType.map(([type, name]) => ({
  type: type as ProductType,
  name,
}));

const byType = new Map<number, Product>(products.map((product) => [product.type, product]));
const byName = new Map<string, Product>(products.map((product) => [product.name.toLowerCase(), product]));

/** The product with this `productType`; undefined where the catalogue has none. */
export function productByType(type: number): Product | undefined {
  return byType.get(type);
}

/** The product with this name, case ignored; undefined where the catalogue has none. */
export function productByName(name: string): Product | undefined {
  return byName.get(name.trim().toLowerCase());
}

/** The product that a person means: by its `productType` or by its name, case ignored. */
export function productNamed(typeOrName: string): Product | undefined {
  const type = parseProductTypeText(typeOrName);
  return type === undefined ? productByName(typeOrName) : productByType(type);
}

/** The grammar of a `productType` in text: digits without sign, leading zero, point or blank. */
const productTypeText = /^(?:0|[1-9][0-9]{0,9})$/;

/** A `productType` as it is written in a path; undefined where the text is not of its grammar `(0|[1-9][0-9]{0,9})`. */
export function parseProductTypeText(text: string): number | undefined {
  return productTypeText.test(text) ? Number(text) : undefined;
}
