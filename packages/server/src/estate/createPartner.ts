/** Brings a partner into the store: the organisation to which everything else in it belongs. */

import { fieldProblem, isName, ProblemError } from '@seatledger/contract';
import { type ChangeContext, emptyHead, type Outcome, type Recorder } from '../record/index.ts';
import type { EstateStore, Partner } from './ports.ts';

/** The name that a store's only partner gets where nobody chose one. */
export const defaultPartnerName = 'default';

/** Throws `partner_exists`, and `body_invalid` for a name that cannot be one. */
export async function createPartner(
  estate: EstateStore,
  { instant, recorderOf }: Pick<ChangeContext, 'instant'> & { recorderOf: (partnerId: number) => Recorder },
  { name }: { name: string },
): Promise<Outcome<Partner>> {
  if (!isName(name)) {
    throw new ProblemError('body_invalid', { errors: [fieldProblem('name', 'name_invalid')] });
  }
  if ((await estate.partnerNamed(name)) !== undefined) throw new ProblemError('partner_exists');
  const partner = await estate.insertPartner({ name, createdAt: await instant(), head: emptyHead });
  await recorderOf(partner.partnerId).append({
    kind: 'partner.created',
    subject: name,
    customerId: null,
    before: null,
    after: { name },
  });
  return { keep: true, result: partner };
}
