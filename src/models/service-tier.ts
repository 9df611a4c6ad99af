/** Tiers that a person can ask for. Batches are priced too, but only programs that send them get answers of that tier. */
export const serviceTiers = ['standard', 'flex', 'priority'] as const;
export type ServiceTier = (typeof serviceTiers)[number];

/** What providers call the tier that their list prices are for. */
const standardNames: ReadonlySet<string> = new Set(['', 'default', 'standard', 'auto', 'on_demand']);

/** The tier of an answer as its provider reports it: `standard`, or the provider's own word for what has other prices. */
export function tierOf(reported: string | null | undefined): string | undefined {
  if (reported === undefined || reported === null) return undefined;
  const name = reported.toLowerCase().replace(/^service_tier_/, '');
  return standardNames.has(name) ? 'standard' : name;
}
