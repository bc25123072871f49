import {
  type CustomerFilter,
  type CustomerServices,
  type CustomerServicesPage,
  type ListedService,
  notApplicable,
  operations,
  resourceNamed,
} from '@seatledger/contract';
import type { Customer, EstateReads } from '../../estate/index.ts';
import type { LedgerReads, Seats, SubscriptionLine } from '../../ledger/index.ts';
import { callerOf } from '../guard.ts';
import { instantFromWire } from '../instants.ts';
import { partnerBodies, takePartnerBodies } from '../partnerBody.ts';
import { customersOfPage } from '../partnerCustomers.ts';
import { batchToWire, partnerPageOf } from '../partnerPage.ts';
import type { Route } from '../route.ts';

export function batchServices(
  { estate, ledger }: { estate: EstateReads; ledger: LedgerReads },
  seats: Seats,
): Route {
  const operation = operations.batchServices;
  const bodyOf = partnerBodies(operation.body['application/json']);
  return {
    operation,
    prepare: takePartnerBodies,
    async answer(request): Promise<CustomerServicesPage> {
      const caller = callerOf(request);
      const { partnerId } = caller;
      const body = bodyOf(request) as CustomerFilter;
      const page = partnerPageOf(request, body);
      const { customers, totalCount } = await customersOfPage(estate, caller, body.customerIds, page);
      const now = await seats.moment(partnerId, { at: null, sequence: null });
      if (typeof now === 'string') throw new Error('there is always a now');
      const ids = customers.map(({ customerId }) => customerId);
      const lines = Map.groupBy(
        await ledger.activeLinesOf(partnerId, ids, now.at),
        ({ customerId }) => customerId,
      );
      const data = customers.map((customer) =>
        servicesToWire(customer, lines.get(customer.customerId) ?? []),
      );
      return batchToWire(page, { data, totalCount });
    },
  };
}

/** In the order in which the lines were added, which is the one order that nothing changes. */
function servicesToWire(
  { customerId, organization, ownerEmail }: Customer,
  lines: readonly SubscriptionLine[],
): CustomerServices {
  const products = lines.toSorted((one, other) => one.lineId - other.lineId).map(serviceToWire);
  return { customerId, organization, customer: ownerEmail, products };
}

function serviceToWire({ resource: id, seats, expiresAt, source, details }: SubscriptionLine): ListedService {
  const resource = resourceNamed(id);
  // Production shows neither seats nor units of what is sold by its capacity.
  const isOfCapacity = seats === 0 && details.purchasedCapacity !== undefined;
  const counted = isOfCapacity ? notApplicable : String(seats);
  const countsUnits = resource?.counts === 'units';
  return {
    service: resource?.service ?? id,
    subscriptionModel: details.subscriptionModel ?? notApplicable,
    purchasedUserSeats: countsUnits ? notApplicable : counted,
    purchasedUnits: countsUnits ? counted : notApplicable,
    microsoftLicenseAssigned: details.microsoftLicenseAssigned ?? notApplicable,
    microsoftLicenseAvailable: details.microsoftLicenseAvailable ?? notApplicable,
    purchasedCapacity: details.purchasedCapacity ?? notApplicable,
    protectedCapacity: details.protectedCapacity ?? notApplicable,
    storage: details.storage ?? notApplicable,
    retention: details.retention ?? notApplicable,
    consumedStorage: details.consumedStorage ?? notApplicable,
    expirationDate: expiresAt === null ? notApplicable : dateToWire(expiresAt),
    change: details.change ?? notApplicable,
    source: source === '' ? notApplicable : source,
    paymentType: details.paymentType ?? notApplicable,
    subscriptionName: details.subscriptionName ?? notApplicable,
    package: details.package ?? notApplicable,
    contractEndDate: contractEndToWire(details.contractEndDate),
  };
}

function contractEndToWire(text: string | undefined): string {
  const at = text === undefined ? undefined : instantFromWire(text);
  return at === undefined ? (text ?? notApplicable) : dateToWire(at);
}

/** In whole seconds, as the contract writes instants. */
function dateToWire(at: number): string {
  return `${new Date(at).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length)}Z`;
}
