/** Instants on the wire: ISO 8601, in UTC when we send them. */

/** A date, which means its midnight in UTC, or a date and a time with its offset. */
const isoInstant =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:[Zz]|([+-])(\d{2}):?(\d{2})))?$/;

const lastInstant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Epoch milliseconds; undefined where the text is not such an instant, or not one from 1970 to 9999. */
export function instantFromWire(text: string): number | undefined {
  const parts = isoInstant.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hours, minutes, seconds] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (hours === undefined || minutes === undefined || seconds === undefined) return undefined;
  const milliseconds = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const [offsetHours, offsetMinutes] = [Number(parts[9] ?? 0), Number(parts[10] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59 || offsetHours > 23 || offsetMinutes > 59) return undefined;

  const local = new Date(Date.UTC(year, month - 1, day, hours, minutes, seconds, milliseconds));
  // Date.UTC turns 31 April into 1 May and the year 70 into 1970; what is not as it was written is refused instead.
  if (local.getUTCFullYear() !== year || local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day)
    return undefined;
  const offsetMs = (offsetHours * 60 + offsetMinutes) * 60_000;
  const at = local.getTime() - (parts[8] === '-' ? -offsetMs : offsetMs);
  return isInstant(at) ? at : undefined;
}

/** Whether these epoch milliseconds are an instant from 1970 to 9999. */
export function isInstant(at: number): boolean {
  return Number.isSafeInteger(at) && at >= 0 && at <= lastInstant;
}

export function instantToWire(at: number): string {
  return new Date(at).toISOString();
}
