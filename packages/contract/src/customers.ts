/** The id of a customer, as the partner contract and the store know it. */

declare const customerIdBrand: unique symbol;

/** A customer id in its stored form. Made by `parseCustomerId` alone. */
export type CustomerId = string & { readonly [customerIdBrand]: true };

/** The grammar, as a JSON Schema pattern: 1 to 64 characters. The page says "string"; production's ids are GUIDs, which fit. */
export const customerIdPattern = '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$';

const customerIdText = new RegExp(customerIdPattern);

/** The id in its stored form, lower case; undefined where the text is outside the grammar. */
export function parseCustomerId(text: string): CustomerId | undefined {
  return customerIdText.test(text) ? (text.toLowerCase() as CustomerId) : undefined;
}
