/** What service lists of the partner contract show of a line beside its seats and its term, as it is given on the command line. */

import { type LineDetailName, lineDetailNames } from '@seatledger/contract';
import { InvalidArgumentError, Option } from 'commander';

export type Details = Readonly<Partial<Record<LineDetailName, string>>>;

export function detailOption(): Option {
  return new Option(
    '--detail <name=value...>',
    `what service lists show of it; names: ${lineDetailNames.join(', ')}`,
  ).argParser(detailsArgument);
}

export function detailsArgument(text: string, before: Details = {}): Details {
  const [written = '', ...rest] = text.split('=');
  const name = lineDetailNames.find((known) => known === written);
  const value = rest.join('=');
  if (name === undefined) {
    throw new InvalidArgumentError(`Use NAME=VALUE with one of the names ${lineDetailNames.join(', ')}.`);
  }
  if (value === '') throw new InvalidArgumentError(`There is no value for ${name}.`);
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`${name} is given more than once.`);
  return { ...before, [name]: value };
}
