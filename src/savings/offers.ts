import type { Coverage } from './prices.ts';

/**
 * Everything with which the whole work could have been done: one service for all of it, or one for the browsers together with one for
 * the code. Where there was only the one or the other, a service for that alone is enough.
 */
export function offersOf<T extends { readonly covers: Coverage }>(services: readonly T[], work: { readonly browsers: boolean; readonly code: boolean }): readonly (readonly T[])[] {
  const covering = (covers: Coverage) => services.filter((service) => service.covers === covers);
  const whole = covering('all').map((service) => [service]);
  if (!work.code) return [...whole, ...covering('browser').map((service) => [service])];
  if (!work.browsers) return [...whole, ...covering('code').map((service) => [service])];
  return [...whole, ...covering('browser').flatMap((browser) => covering('code').map((code) => [browser, code]))];
}

/** The one with the smallest value, the first of equals. */
export function cheapest<T>(items: readonly T[], of: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>((best, item) => (best === undefined || of(item) < of(best) ? item : best), undefined);
}
