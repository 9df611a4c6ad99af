import type { Action } from '../policy/action.ts';
import type { Redactor } from '../policy/redact.ts';
import { referredSecrets, secretReference, secretVariable, withoutSecrets, writtenForms } from '../policy/secret-references.ts';
import { AssassinError, toErrorInfo } from '../shared/errors.ts';
import type { Json, JsonObject } from '../shared/json.ts';
import type { Tool } from './tool.ts';

export interface SecretStore {
  /** Gives a secret by its name; `undefined` where there is none. */
  readonly value: (name: string) => Promise<string | undefined>;
  readonly redactor: Redactor;
}

/** The secrets that the input of a call refers to where its tool takes them. Throws `invalid-input` for one at another place of such a tool. */
export function secretActions({ name, secretFields }: Tool, input: Json): readonly Extract<Action, { kind: 'secret' }>[] {
  if (secretFields === undefined) return [];
  const stray = referredSecrets(otherFields(input, secretFields))[0];
  if (stray !== undefined) {
    throw new AssassinError('invalid-input', `${secretReference(stray)} cannot stand at this place of the input of ${name}.`, { hint: `Secrets may stand in ${secretFields === 'all' ? 'its arguments' : secretFields.join(' and ')}.` });
  }
  return referredSecrets(input).map((secret) => ({ kind: 'secret', name: secret }));
}

function otherFields(input: Json, fields: NonNullable<Tool['secretFields']>): Json {
  if (fields === 'all' || typeof input !== 'object' || input === null || Array.isArray(input)) return null;
  return Object.fromEntries(Object.entries(input as JsonObject).filter(([name]) => !fields.includes(name)));
}

/** The values of secrets by their names; from now on they are redacted wherever they turn up. Throws `invalid-config` where one is not there. */
export async function secretValues(store: SecretStore | undefined, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const name of names) {
    const value = await store?.value(name);
    if (value === undefined || value === '') throw noSecret(name);
    values.set(name, value);
  }
  store?.redactor.add(values.values());
  return values;
}

export function noSecret(name: string): AssassinError {
  return new AssassinError('invalid-config', `There is no secret "${name}".`, { hint: `Store it with "Store secret..." in the editor, or set the environment variable ${secretVariable(name)}.`, data: { secret: name } });
}

/** A secret of a few letters stands in too much that is none: later results would be full of references. */
export const isLongEnough = (value: string): boolean => value.length >= 6;

/** Neither the result nor an error that quotes a secret brings it back to the program or the model that referred to it. */
export async function hidingSecrets(values: () => ReadonlyMap<string, string>, work: () => Promise<Json>): Promise<Json> {
  try {
    const output = await work();
    return values().size === 0 ? output : withoutSecrets(output, values());
  } catch (error) {
    throw quoting(error, values());
  }
}

/** The error as it is, or without what it quotes of a secret. */
function quoting(error: unknown, values: ReadonlyMap<string, string>): unknown {
  const info = toErrorInfo(error);
  const text = JSON.stringify(info);
  if (![...values.values()].some((value) => writtenForms(value).some((form) => text.includes(form)))) return error;
  const clean = (words: string) => String(withoutSecrets(words, values));
  return new AssassinError(info.code, clean(info.message), info.hint === undefined ? {} : { hint: clean(info.hint) });
}
