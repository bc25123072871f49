import {
  type Assignment as WireAssignment,
  type AssignmentPage,
  type AssignmentReport as WireReport,
  type ErasedUser,
  operations,
  productByType,
  type SeatsToAssign,
  type SeatsToRelease,
  type UserToErase,
} from '@seatledger/contract';
import { type EstateReads, refuseBody } from '../../estate/index.ts';
import type { Assignment, AssignmentReport, LedgerReads } from '../../ledger/index.ts';
import { customerOf } from '../customerOf.ts';
import { callerOf } from '../guard.ts';
import type { Order } from '../order.ts';
import { readPage } from '../page.ts';
import { productOfBody } from '../productOf.ts';
import type { Route } from '../route.ts';
import { countToWire } from '../seatsToWire.ts';

interface AssignmentReads {
  readonly ledger: LedgerReads;
  readonly estate: EstateReads;
}

export function assignments({ ledger, estate }: AssignmentReads, order: Order): readonly Route[] {
  return [
    {
      operation: operations.listAssignments,
      async answer(request): Promise<AssignmentPage> {
        const { partnerId } = callerOf(request);
        const customerId = await customerOf(request, estate);
        return readPage(request, {
          position: positionFromWire,
          read: (after, limit) => ledger.assignmentsAfter(partnerId, customerId, after, limit),
          keyOf: ({ productType, userId }) => [productType, userId],
          toWire: assignmentToWire,
        });
      },
    },
    {
      operation: operations.assignSeats,
      async answer(request): Promise<WireReport> {
        const { productType: type, users } = request.body as SeatsToAssign;
        const productType = productOfBody(type);
        const customerId = await customerOf(request, estate);
        return reportToWire(await order(request, 'seats.assign', { customerId, productType, users }));
      },
    },
    {
      operation: operations.releaseSeats,
      async answer(request): Promise<WireReport> {
        const { productType: type, users, userIds } = request.body as SeatsToRelease;
        if (users === undefined && userIds === undefined)
          refuseBody('users', 'value_required', 'Name users, userIds or both.');
        const productType = productOfBody(type);
        const customerId = await customerOf(request, estate);
        return reportToWire(
          await order(request, 'seats.release', {
            customerId,
            productType,
            users: users ?? [],
            userIds: (userIds ?? []).map((id) => id.toLowerCase()),
          }),
        );
      },
    },
    {
      operation: operations.eraseUser,
      async answer(request): Promise<ErasedUser> {
        const { user } = request.body as UserToErase;
        const customerId = await customerOf(request, estate);
        return order(request, 'user.erase', { customerId, user });
      },
    },
  ];
}

function positionFromWire([product = '', userId = '', ...more]: readonly string[]):
  | { productType: number; userId: string }
  | undefined {
  const productType = productByType(Number(product))?.type;
  if (productType === undefined || !guid.test(userId) || more.length > 0) return undefined;
  return { productType, userId };
}

const guid = /^[0-9a-f-]{36}$/;

function assignmentToWire({ productType, userId, address, assignedSequence }: Assignment): WireAssignment {
  return { productType, userId, user: address, assignedSequence };
}

function reportToWire({ changed, unchanged, sequence, ...count }: AssignmentReport): WireReport {
  return { changed, unchanged, seats: countToWire(count), sequence };
}
