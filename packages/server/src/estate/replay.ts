/** Makes the estate anew from the events of its record. */

import type { CustomerId } from '@seatledger/contract';
import type { RecordedEvent } from '../record/index.ts';
import type { CustomerState } from './customers.ts';
import type { Customer, CustomerGroup, EstateStore } from './ports.ts';
import type { TenantState } from './tenants.ts';

/** Applies the event; false where it is not one of the estate. */
export async function replayEstate(
  estate: EstateStore,
  partnerId: number,
  event: RecordedEvent,
): Promise<boolean> {
  const { kind, sequence, subject } = event;
  const customerId = event.customerId as CustomerId;
  switch (kind) {
    case 'partner.created':
      break;
    case 'customer.created':
      await estate.insertCustomers(partnerId, [customerOf(event)]);
      break;
    case 'customer.changed':
      await estate.updateCustomer(partnerId, customerOf(event));
      break;
    case 'tenant.set':
      await estate.putTenant(partnerId, customerId, stateOf(event) as TenantState);
      await touchCustomer(estate, { partnerId, customerId, sequence });
      break;
    case 'tenant.removed':
      await estate.deleteTenant(partnerId, customerId, subject);
      await touchCustomer(estate, { partnerId, customerId, sequence });
      break;
    case 'group.created':
      await estate.insertGroup(partnerId, groupOf(event));
      break;
    case 'group.changed':
      await estate.updateGroup(partnerId, groupOf(event));
      break;
    case 'group.deleted':
      await estate.deleteGroup(partnerId, Number(subject));
      break;
    case 'group.joined':
      await estate.insertMembers(partnerId, Number(subject), [customerId], sequence);
      break;
    case 'group.left':
      await estate.deleteMembers(partnerId, Number(subject), [customerId], sequence);
      break;
    default:
      return false;
  }
  return true;
}

async function touchCustomer(
  estate: EstateStore,
  { partnerId, customerId, sequence }: { partnerId: number; customerId: CustomerId; sequence: number },
): Promise<void> {
  const customer = await estate.lockCustomer(partnerId, customerId);
  if (customer !== undefined)
    await estate.updateCustomer(partnerId, { ...customer, changedSequence: sequence });
}

function customerOf(event: RecordedEvent): Customer {
  return { ...(stateOf(event) as CustomerState), changedSequence: event.sequence };
}

function groupOf(event: RecordedEvent): CustomerGroup {
  const { name } = stateOf(event) as Pick<CustomerGroup, 'name'>;
  return { groupId: Number(event.subject), name, changedSequence: event.sequence };
}

/** The events of a kind have states of one form. */
function stateOf({ sequence, after }: RecordedEvent): unknown {
  if (after === null) throw new Error(`event ${sequence} does not say what came of it`);
  return JSON.parse(after);
}
