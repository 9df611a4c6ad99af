import type { Json, JsonObject } from '../shared/json.ts';
import { findSecrets, type FoundSecret } from './secret-patterns.ts';

/** `${secret:github-token}`: stands for a secret wherever a tool takes one. */
const reference = /\$\{secret:([A-Za-z0-9][\w.-]{0,63})\}/g;

/** Whether a text is one reference and nothing else. */
export const isSecretReference = (text: string): boolean => /^\$\{secret:[A-Za-z0-9][\w.-]{0,63}\}$/.test(text);

export const isSecretName = (name: string): boolean => /^[A-Za-z0-9][\w.-]{0,63}$/.test(name);

export const secretReference = (name: string): string => `\${secret:${name}}`;

/** The environment variable that holds a secret for the command line: `ASSASSIN_SECRET_GITHUB_TOKEN`. */
export function secretVariable(name: string): string {
  return `ASSASSIN_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`;
}

/** Every string inside of plain data, names of fields included. */
function mapStrings(value: Json, map: (text: string) => string): Json {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item: Json) => mapStrings(item, map));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [map(key), mapStrings(item, map)]));
  return value;
}

/** The same strings, without a copy of the data. */
function eachString(value: Json, visit: (text: string) => void): void {
  if (typeof value === 'string') return visit(value);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) return value.forEach((item: Json) => eachString(item, visit));
  for (const key of Object.keys(value)) {
    visit(key);
    eachString((value as JsonObject)[key]!, visit);
  }
}

/** The names of the secrets that plain data refers to, each once. */
export function referredSecrets(value: Json): readonly string[] {
  const names = new Set<string>();
  eachString(value, (text) => {
    // Asked of each call, and hardly any text refers to one.
    if (text.includes('${secret:')) for (const [, name = ''] of text.matchAll(reference)) names.add(name);
  });
  return [...names];
}

/** The same data with the values in place of the references. */
export function withSecrets(value: Json, values: ReadonlyMap<string, string>): Json {
  return mapStrings(value, (text) => text.replace(reference, (whole, name: string) => values.get(name) ?? whole));
}

/** Fewer bytes than this make forms so short that they would be found by chance. */
const leastEncoded = 8;

/** In base64 a text looks different with each place at which it begins in what was encoded, and its edges hang on what stands beside it: what is left of each is certain. */
function encodedForms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  if (bytes.length < leastEncoded) return [];
  const certain = [0, 1, 2].map((before) => Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6)));
  const whole = [bytes.toString('base64'), bytes.toString('base64url')];
  return [...whole, ...certain, ...certain.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')), bytes.toString('hex'), bytes.toString('hex').toUpperCase()];
}

/** A secret as it stands, as it stands inside of JSON, an address, the body of a form and the source of a page, and as it is encoded by habit: in base64 and in hex. */
export function writtenForms(secret: string): readonly string[] {
  const escaped = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [...new Set([
    secret, JSON.stringify(secret).slice(1, -1), ...percentForms(encodeURIComponent(secret.toWellFormed())), ...percentForms(String(new URLSearchParams({ '': secret })).slice(1)), escaped, escaped.replaceAll('"', '&quot;').replaceAll("'", '&#39;'), ...encodedForms(secret),
  ])];
}

/** Both letter cases are allowed, and both are written. */
function percentForms(text: string): readonly string[] {
  return [text, text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())];
}

/** The same data with references in place of the values, however they are written, so that whoever gave a reference does not get the secret back. */
export function withoutSecrets(value: Json, values: ReadonlyMap<string, string>): Json {
  const byLength = [...values].flatMap(([name, secret]) => writtenForms(secret).map((form) => [name, form] as const)).sort(([, a], [, b]) => b.length - a.length);
  return mapStrings(value, (text) => byLength.reduce((cleaned, [name, secret]) => cleaned.replaceAll(secret, secretReference(name)), text));
}

/** What has the format of a secret anywhere in plain data. */
export function secretsIn(value: Json): readonly FoundSecret[] {
  const found = new Map<string, FoundSecret>();
  eachString(value, (text) => {
    for (const secret of findSecrets(text)) found.set(secret.value, secret);
  });
  return [...found.values()];
}

/** A name for each secret that is not taken yet: `github-token`, `github-token-2`. One value has one name. */
export function nameSecrets(found: readonly FoundSecret[], taken: Iterable<string> = []): ReadonlyMap<string, string> {
  const used = new Set(taken);
  return new Map(found.map(({ name, value }) => {
    let free = name;
    for (let next = 2; used.has(free); next++) free = `${name}-${next}`;
    used.add(free);
    return [free, value] as const;
  }));
}
