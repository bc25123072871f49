/** The three numbers of a holding, as any answer of the management API shows them. */

import { Type } from './type.ts';

export const seatCount = {
  purchased: Type.Integer({ minimum: 0 }),
  assigned: Type.Integer({ minimum: 0 }),
  available: Type.Integer({
    description: 'Purchased less assigned; negative where more are assigned than purchased.',
  }),
};
