/** A customer and a product of it, as the queries name them. */

import type { Holding } from '../../ledger/ports.ts';

export type HoldingKey = { partnerId: number; customerId: string; productType: number };

export function keyIn(partnerId: number): (holding: Holding) => HoldingKey {
  return ({ customerId, productType }) => ({ partnerId, customerId, productType });
}
