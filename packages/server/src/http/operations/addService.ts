import { type ServiceToAdd, type AddedService, operations, serviceStatuses } from '@seatledger/contract';
import type { EstateReads } from '../../estate/index.ts';
import { unrestrictedCallerOf } from '../customerOf.ts';
import type { Order } from '../order.ts';
import { memberOf, partnerBodies, takePartnerBodies } from '../partnerBody.ts';
import { customerNamed, requireCustomer } from '../partnerCustomers.ts';
import type { Route } from '../route.ts';
import { addableProduct, servicesFromWire, trialFromWire } from '../servicesFromWire.ts';

/** The licence type of what comes from pools. */
const enterprise = 1;

export function addService(estate: EstateReads, order: Order): Route {
  const operation = operations.addService;
  const bodyOf = partnerBodies(operation.body['application/json']);
  return {
    operation,
    prepare: takePartnerBodies,
    async answer(request): Promise<AddedService> {
      // Who may not ask for it is told so before the rest of the request is looked at.
      const isPooled = memberOf(request, 'licenseType') === enterprise;
      if (isPooled) unrestrictedCallerOf(request);
      const customerId = customerNamed(request);
      const body = bodyOf(request) as ServiceToAdd;
      const productType = addableProduct(body.product);
      const holding = { customerId, productType };
      const services = isPooled ? servicesFromWire(body, productType) : [];
      const trial = isPooled ? undefined : trialFromWire(body, productType);
      await requireCustomer(request, estate, customerId);
      const outcome =
        trial === undefined
          ? await order(request, 'service.add', { ...holding, services })
          : await order(request, 'trial.add', { ...holding, ...trial });
      return { customerId, product: productType, status: serviceStatuses[outcome] };
    },
  };
}
