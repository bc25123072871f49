import {
  type CustomerGroup as WireGroup,
  type CustomerGroupFacts,
  type CustomerGroupPage,
  type CustomerIdPage,
  type Members,
  operations,
  ProblemError,
} from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';
import type { CustomerGroup, EstateReads } from '../../estate/index.ts';
import { customerIdOf } from '../bodyTexts.ts';
import { unrestrictedCallerOf } from '../customerOf.ts';
import { numberedIdOf } from '../numberedId.ts';
import { expectedVersionOf, type Order } from '../order.ts';
import { customerPosition, readPage, sequenceOf } from '../page.ts';
import type { Route } from '../route.ts';
import { sendCreated, sendVersion } from '../versions.ts';

export function groups(estate: EstateReads, order: Order): readonly Route[] {
  async function groupOf(request: FastifyRequest): Promise<CustomerGroup> {
    const { partnerId } = unrestrictedCallerOf(request);
    const group = await estate.group(partnerId, numberedIdOf(request, 'groupId'));
    if (group === undefined) throw new ProblemError('group_not_found');
    return group;
  }

  return [
    {
      operation: operations.listGroups,
      async answer(request): Promise<CustomerGroupPage> {
        const { partnerId } = unrestrictedCallerOf(request);
        return readPage(request, {
          position: sequenceOf,
          read: (after, limit) => estate.groupsAfter(partnerId, after ?? 0, limit),
          keyOf: ({ groupId }) => [groupId],
          toWire: groupToWire,
        });
      },
    },
    {
      operation: operations.createGroup,
      async answer(request, reply) {
        unrestrictedCallerOf(request);
        const group = await order(request, 'group.create', request.body as CustomerGroupFacts);
        return sendCreated(reply, `/api/v1/groups/${group.groupId}`, groupToWire(group));
      },
    },
    {
      operation: operations.getGroup,
      async answer(request, reply) {
        return sendVersion(reply, groupToWire(await groupOf(request)));
      },
    },
    {
      operation: operations.changeGroup,
      async answer(request, reply) {
        unrestrictedCallerOf(request);
        const group = await order(request, 'group.change', {
          groupId: numberedIdOf(request, 'groupId'),
          expected: expectedVersionOf(request),
          ...(request.body as CustomerGroupFacts),
        });
        return sendVersion(reply, groupToWire(group));
      },
    },
    {
      operation: operations.deleteGroup,
      async answer(request, reply) {
        unrestrictedCallerOf(request);
        await order(request, 'group.delete', {
          groupId: numberedIdOf(request, 'groupId'),
          expected: expectedVersionOf(request),
        });
        return reply.code(204).send();
      },
    },
    {
      operation: operations.listGroupCustomers,
      async answer(request): Promise<CustomerIdPage> {
        const { partnerId } = unrestrictedCallerOf(request);
        const { groupId } = await groupOf(request);
        return readPage(request, {
          position: customerPosition,
          read: (after, limit) => estate.membersAfter(partnerId, groupId, after ?? '', limit),
          keyOf: (customerId) => [customerId],
          toWire: String,
        });
      },
    },
    {
      operation: operations.joinGroup,
      async answer(request) {
        unrestrictedCallerOf(request);
        return order(request, 'group.join', membershipFromWire(request));
      },
    },
    {
      operation: operations.leaveGroup,
      async answer(request) {
        unrestrictedCallerOf(request);
        return order(request, 'group.leave', membershipFromWire(request));
      },
    },
  ];
}

/** Throws `group_not_found`, and `body_invalid` for a customer id outside its grammar. */
function membershipFromWire(request: FastifyRequest) {
  const { customerIds } = request.body as Members;
  return {
    groupId: numberedIdOf(request, 'groupId'),
    customerIds: customerIds.map((text) => customerIdOf('customerIds', text)),
  };
}

function groupToWire({ groupId, name, changedSequence }: CustomerGroup): WireGroup {
  return { groupId, name, changedSequence };
}
