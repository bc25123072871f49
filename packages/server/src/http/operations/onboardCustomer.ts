import {
  type CustomerToOnboard,
  dataCenterById,
  isPlainText,
  type ManagementMode,
  type OnboardedCustomer,
  onboardStatuses,
  operations,
} from '@seatledger/contract';
import { ownerEmailLengthMax, refuseBody } from '../../estate/index.ts';
import type { Order } from '../order.ts';
import { partnerBodies, takePartnerBodies } from '../partnerBody.ts';
import type { Route } from '../route.ts';

export function onboardCustomer(order: Order): Route {
  const operation = operations.onboardCustomer;
  const bodyOf = partnerBodies(operation.body['application/json']);
  return {
    operation,
    needsAllCustomers: true,
    prepare: takePartnerBodies,
    async answer(request): Promise<OnboardedCustomer> {
      // What is ordered has no password in it: from here on there is none.
      const { customerId } = await order(
        request,
        'customer.onboard',
        factsFromWire(bodyOf(request) as CustomerToOnboard),
      );
      return customerId === null
        ? { status: onboardStatuses.exists, id: '' }
        : { status: onboardStatuses.onboarded, id: customerId };
    },
  };
}

const textLengthMax = 256;
/** Of so much that is certain of an address: something at something, without blanks. */
const address = /^[^\s@]+@[^\s@]+$/;

/** Checks all of it, and keeps what is known of a customer. */
function factsFromWire(body: CustomerToOnboard) {
  const { firstName, lastName, organizationName, registrationAccount, telephoneNumber, tags = [] } = body;
  for (const [field, text] of Object.entries({ firstName, lastName, organizationName })) {
    if (!isPlainText(text, textLengthMax)) refuseBody(field, 'value_invalid');
  }
  if (!isPlainText(registrationAccount, ownerEmailLengthMax) || !address.test(registrationAccount))
    refuseBody('registrationAccount', 'value_invalid', 'Use an e-mail address.');
  if (dataCenterById(body.dataCenter) === undefined)
    refuseBody('dataCenter', 'value_invalid', 'Use the id of a published data center.');
  if (telephoneNumber !== undefined && telephoneNumber !== '' && !isPlainText(telephoneNumber, textLengthMax))
    refuseBody('telephoneNumber', 'value_invalid');
  for (const [index, tag] of tags.entries())
    if (!isPlainText(tag, textLengthMax)) refuseBody(`tags.${index}`, 'value_invalid');
  return {
    organization: organizationName,
    ownerEmail: registrationAccount,
    countryOrRegion: countryOf(body.countryCode),
    managementMode: managementModeOf(body.managementMode),
  };
}

function managementModeOf(isPartners: boolean | undefined): ManagementMode {
  if (isPartners === undefined) return 2;
  return isPartners ? 1 : 0;
}

/** Made when they are first asked for: the data behind them takes 10 ms of a start. */
let countryNames: Intl.DisplayNames | undefined;
/** What CLDR has a name for and is no country or region: unions, groups, and codes for tests. */
const noCountries: ReadonlySet<string> = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ']);

/** The name of the country or region in English, as lists show it. Throws `body_invalid`. */
function countryOf(text: string): string {
  const code = text.toUpperCase();
  const isCountry = /^[A-Za-z]{2}$/.test(text) && !noCountries.has(code);
  countryNames ??= new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const name = isCountry ? countryNames.of(code) : undefined;
  return name ?? refuseBody('countryCode', 'value_invalid', 'Use the two letters of a country or region.');
}
