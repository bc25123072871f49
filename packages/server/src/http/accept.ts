/** What a client would rather have of what there is: media types and codings. Source: RFC 9110 section 12.5. */

interface Preference {
  /** In lower case, without parameters. */
  readonly range: string;
  /** From 0, which is not at all, to 1. */
  readonly quality: number;
}

/** Of the media types the one that the client likes best, of those liked alike the first; the first too where it takes none of them. */
export function mediaTypeFor<Type extends string>(
  accept: string | undefined,
  offered: readonly [Type, ...Type[]],
): Type {
  if (accept === undefined) return offered[0];
  const preferences = preferencesIn(accept);
  const qualityOf = (type: string) => {
    const ranges = [type, `${type.split('/', 1)[0] ?? ''}/*`, '*/*'];
    for (const range of ranges) {
      const found = preferences.find((preference) => preference.range === range);
      if (found !== undefined) return found.quality;
    }
    return 0;
  };
  return best(offered, qualityOf) ?? offered[0];
}

/** The coding that the client likes best, of those liked alike the first; undefined where it would rather have none. */
export function codingFor<Coding extends string>(
  acceptEncoding: string | undefined,
  offered: readonly Coding[],
): Coding | undefined {
  if (acceptEncoding === undefined) return undefined;
  const preferences = preferencesIn(acceptEncoding);
  const qualityOf = (coding: string) =>
    (
      preferences.find(({ range }) => range === coding) ??
      preferences.find(({ range }) => range === '*') ?? { quality: 0 }
    ).quality;
  const identity = preferences.find(({ range }) => range === 'identity')?.quality ?? 0;
  const coding = best(offered, qualityOf);
  return coding !== undefined && qualityOf(coding) >= identity ? coding : undefined;
}

/** Undefined where none is liked at all. */
function best<Value extends string>(
  offered: readonly Value[],
  qualityOf: (value: Value) => number,
): Value | undefined {
  let found: { value: Value; quality: number } | undefined;
  for (const value of offered) {
    const quality = qualityOf(value);
    if (quality > (found?.quality ?? 0)) found = { value, quality };
  }
  return found?.value;
}

function preferencesIn(header: string): readonly Preference[] {
  return header.split(',').map((part) => {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = weight === undefined ? 1 : Number(weight.slice(2));
    return { range, quality: Number.isNaN(quality) ? 0 : quality };
  });
}
