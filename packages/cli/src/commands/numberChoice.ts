import { Option } from 'commander';

/** An option of which the value is one of these numbers. */
export function numberChoice(flags: string, description: string, numbers: readonly number[]): Option {
  const option = new Option(flags, description);
  const readChoice = option.choices(numbers.map(String)).parseArg;
  return option.argParser((text, before) => Number(readChoice?.(text, before)));
}
