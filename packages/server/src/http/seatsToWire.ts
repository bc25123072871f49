import { type ProductSeats, productByType } from '@seatledger/contract';
import type { SeatCount, SeatsOfHolding } from '../ledger/index.ts';

/** The seats of a holding, without the instant of their event: not every answer has one. */
export function seatsToWire({
  customerId,
  organization,
  productType,
  sources,
  sequence,
  ...count
}: Omit<SeatsOfHolding, 'recordedAt'>): Omit<ProductSeats, 'recordedAt'> {
  return {
    customerId,
    organization,
    productType,
    product: productByType(productType)?.name ?? '',
    ...countToWire(count),
    source: [...sources],
    sequence,
  };
}

export function countToWire({ purchased, assigned, available }: SeatCount): SeatCount {
  return { purchased, assigned, available };
}
