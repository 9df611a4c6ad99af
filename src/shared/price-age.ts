/** Prices older than this are shown with a warning. */
export const stalePriceDays = 60;

/** `asOf` as exact as the source is: a day, a month or only a year, which count from their first day. */
export function isStale(asOf: string, now: number): boolean {
  return now - Date.parse(asOf) > stalePriceDays * 86_400_000;
}

/** Where a price is from, with its date, and with a warning where that is long ago. */
export function datedSource(source: string, asOf: string, now: number): string {
  return `${source} of ${asOf}${isStale(asOf, now) ? `, last confirmed more than ${stalePriceDays} days ago` : ''}`;
}
