/** Which partner is meant by somebody who may or may not have named one. */

import { ProblemError } from '@seatledger/contract';
import type { Partner } from './ports.ts';

/**
 * The partner of this name, or the only one where none is named; undefined where none is named and there is none.
 *
 * Throws `partner_not_found` and, where none is named and there are several, `partner_ambiguous`.
 */
export function choosePartner(partners: readonly Partner[], name: string | undefined): Partner | undefined {
  if (name !== undefined) {
    const named = partners.find((partner) => partner.name === name);
    if (named === undefined)
      throw new ProblemError('partner_not_found', { detail: `There is no partner named ${name}.` });
    return named;
  }
  if (partners.length > 1) {
    throw new ProblemError('partner_ambiguous', {
      detail: `There are ${partners.length} partners; name one of ${partners.map((partner) => partner.name).join(', ')}.`,
    });
  }
  return partners[0];
}
