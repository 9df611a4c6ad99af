import { referredSecrets, withSecrets } from './secret-references.ts';
import type { AssassinError } from '../shared/errors.ts';

export interface FillHeadersOptions {
  readonly secret: (name: string) => Promise<string | undefined>;
  /** Hears each secret before it is used, so that it stands nowhere. */
  readonly known: (value: string) => void;
  /** The error for a secret that is not stored. */
  readonly missing: (name: string) => AssassinError;
}

/** Headers of HTTP with the values in place of `${secret:NAME}`; their names stay as they are. */
export async function fillHeaders(headers: Readonly<Record<string, string>>, { secret, known, missing }: FillHeadersOptions): Promise<Readonly<Record<string, string>>> {
  const values = new Map<string, string>();
  for (const name of referredSecrets(Object.values(headers))) {
    const value = await secret(name);
    if (value === undefined) throw missing(name);
    known(value);
    values.set(name, value);
  }
  return Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(withSecrets(text, values))]));
}
