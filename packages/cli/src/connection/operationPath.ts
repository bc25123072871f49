import { localFailure } from '../failure.ts';

/** The names between braces in a path template. */
export type PathParameter<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParameter<Rest>
  : never;

/**
 * The path of an operation with its parameters filled in.
 *
 * Refuses what would name another path when URLs are normalised: nothing, `.` and `..`, which percent-encoding does not protect.
 */
export function operationPath<Template extends string>(
  template: Template,
  values: Readonly<Record<PathParameter<Template>, string>>,
): string {
  const given = new Map<string, string>(Object.entries(values));
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = given.get(name);
    if (value === undefined) throw new Error(`${template} lacks a value for ${name}`);
    if (value === '' || value === '.' || value === '..') {
      throw localFailure('usage_wrong', `${JSON.stringify(value)} cannot be a ${name}.`);
    }
    return encodeURIComponent(value);
  });
}
