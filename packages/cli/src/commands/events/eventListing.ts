/** Events of the record, as they are shown. */

import type { RecordedEvent } from '@seatledger/contract';
import type { Listing } from '../../output/listing.ts';

export const eventListing: Listing<RecordedEvent> = {
  columns: [
    { title: 'EVENT', value: ({ sequence }) => sequence, align: 'right' },
    { title: 'RECORDED', value: ({ recordedAt }) => recordedAt },
    { title: 'KIND', value: ({ kind }) => kind },
    { title: 'SUBJECT', value: ({ subject }) => subject },
    { title: 'CUSTOMER', value: ({ customerId }) => customerId ?? '' },
    { title: 'ACTOR', value: ({ actor }) => actor },
    { title: 'REASON', value: ({ reason }) => reason ?? '' },
  ],
  csv: ['sequence', 'recordedAt', 'kind', 'subject', 'customerId', 'actor', 'reason', 'before', 'after'],
  empty: 'Nothing was recorded that the app sees.',
};
