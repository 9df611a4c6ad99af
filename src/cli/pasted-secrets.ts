import { nameSecrets, secretReference, secretsIn, secretVariable } from '../policy/secret-references.ts';
import { AssassinError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';

/**
 * Refuses a text or an input in which something has the format of a secret: it would go to a model or into a program, and stands in the history of the shell already.
 * Throws `invalid-input`, which says how to refer to it instead and never quotes it.
 */
export function refuseSecrets(value: Json, where: string, { withSecrets = false }: { readonly withSecrets?: boolean }): void {
  const found = withSecrets ? [] : secretsIn(value);
  if (found.length === 0) return;
  const [name = ''] = nameSecrets(found).keys();
  throw new AssassinError('invalid-input', `${where} holds what looks like a secret (${[...new Set(found.map((secret) => secret.name))].join(', ')}).`, {
    hint: `Set ${secretVariable(name)}, write ${secretReference(name)} in its place and allow "secret ${name}", or add --with-secrets to hand it on as it is.`,
    data: { secrets: found.map((secret) => secret.name) },
  });
}
