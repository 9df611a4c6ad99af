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

/** The oldest date among the old prices that a saving was worked out with; `undefined` where all of them are new. `against` is that of the saving, which may name two services. */
export function oldestPrice(against: string, prices: readonly { readonly service: string; readonly asOf: string; readonly stale: boolean }[]): string | undefined {
  const services = against.split(' with ');
  return prices.filter(({ service, stale }) => stale && services.includes(service)).map(({ asOf }) => asOf).sort((a, b) => Date.parse(a) - Date.parse(b))[0];
}

/** One sentence about the prices of a report that are old, whatever their number; none where there are none. */
export function oldPrices(prices: readonly { readonly service: string; readonly asOf: string; readonly stale: boolean }[]): readonly string[] {
  const old = prices.filter(({ stale }) => stale);
  const newest = old.map(({ asOf }) => asOf).sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
  if (newest === undefined) return [];
  if (old.length > 1 && old.length === prices.length) return [`All prices of services were last confirmed more than ${stalePriceDays} days ago, the newest of them ${newest}; they may have changed since.`];
  return [`Last confirmed more than ${stalePriceDays} days ago: the price${old.length === 1 ? '' : 's'} of ${old.map(({ service }) => service).join(', ')}.`];
}
