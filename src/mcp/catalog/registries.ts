import * as z from 'zod';

/** Where servers are published, and under which name it is known here. */
export interface McpRegistry {
  readonly name: string;
  /** Without the path of the API and without a slash at its end. */
  readonly url: string;
  /** Sent with each request; values may hold `${secret:NAME}`. */
  readonly headers: Readonly<Record<string, string>>;
}

export const officialRegistry = 'official';
const officialUrl = 'https://registry.modelcontextprotocol.io';

const address = z.url({ protocol: /^https?$/ });

/** The setting: names to addresses, or to addresses with headers. An empty address takes the official one away. */
export const registriesSchema = z.record(
  z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, 'a name has letters, digits, - and _, beginning with a letter'),
  z.union([z.literal(''), address, z.strictObject({ url: address, headers: z.record(z.string(), z.string()).default({}) })]),
);

export type RegistrySettings = z.infer<typeof registriesSchema>;

/** The official registry first, and then those that the person names. */
export function registriesOf(settings: RegistrySettings = {}): readonly McpRegistry[] {
  return Object.entries({ [officialRegistry]: officialUrl, ...settings }).flatMap(([name, value]) => {
    if (value === '') return [];
    const { url, headers } = typeof value === 'string' ? { url: value, headers: {} } : value;
    return [{ name, url: url.replace(/\/+$/, '').replace(/\/v0(?:\.1)?(?:\/servers)?$/, ''), headers }];
  });
}
