/** What many commands are about, named on their command line. */

import { Argument } from 'commander';
import { customerArgument, productArgument } from '../arguments.ts';

export function customerOperand(): Argument {
  return new Argument('<customer>', 'the id of the customer').argParser(customerArgument);
}

export function productOperand(): Argument {
  return new Argument('<product>', 'the number or the name of the product').argParser(productArgument);
}

export function appOperand(): Argument {
  return new Argument('<id>', 'the application id');
}
