import type * as z from 'zod';
import { plainWords } from '../shared/plain-issue.ts';

type Issue = z.core.$ZodIssue;

/** What is wrong with an input, a sentence for each field. Where one of several forms was expected, the forms are named, or what is wrong with the one that was meant. */
export function issuesOf(error: z.core.$ZodError, input: unknown): readonly string[] {
  return error.issues.flatMap((issue) => worded(issue, [], input));
}

function worded(issue: Issue, above: readonly PropertyKey[], input: unknown): readonly string[] {
  const path = [...above, ...issue.path];
  const value = path.reduce<unknown>((found, key) => (typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined), input);
  if (issue.code !== 'invalid_union' || !isFields(value) || issue.errors.every(isOfAnotherKind)) return [`${placeOf(path)}: ${plainOf(issue, value)}`];
  // Whoever wrote a field that only one form has means this form, whatever else is wrong with it.
  const [meant, ...others] = issue.errors.filter((issues) => !issues.some(({ code }) => code === 'unrecognized_keys'));
  if (meant !== undefined && others.length === 0) return meant.flatMap((each) => worded(each, path, input));
  const forms = formsOf(issue.errors, value);
  return [`${placeOf(path)}: ${shortly(value)} is none of the forms that it may have${forms.length === 0 ? '' : `: ${forms.join(', ')}`}`];
}

/** A choice does not say itself that nothing was chosen. */
function plainOf(issue: Issue, value: unknown): string {
  const words = plainWords(issue);
  return value === undefined && words.startsWith('must be ') ? `is missing; it ${words}` : words;
}

function isOfAnotherKind([first]: readonly Issue[]): boolean {
  return first?.code === 'invalid_type' && first.path.length === 0;
}

/** Each form by the fields that tell it from the others. */
function formsOf(variants: readonly (readonly Issue[])[], value: object): readonly string[] {
  const forms = variants.map((issues) => {
    const unknown = new Set(issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : [])));
    const missing = issues.flatMap(({ path: [name, ...more] }) => (name !== undefined && more.length === 0 && !Object.hasOwn(value, name) ? [String(name)] : []));
    return { known: new Set(Object.keys(value).filter((name) => !unknown.has(name))), missing };
  });
  const ofAll = forms.reduce((common, { known }) => common.intersection(known), new Set(Object.keys(value)));
  return [...new Set(forms.map(({ known, missing }) => [...known.difference(ofAll), ...missing].join(' with ')).filter((form) => form !== ''))];
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'input' : path.map(String).join('.');
}

/** Of what was given, enough to know it again; its values may be long, and secret. */
function shortly(value: object): string {
  const names = Object.keys(value);
  return names.length === 0 ? '{}' : `{ ${names.slice(0, 10).join(', ').slice(0, 200)} }`;
}

const isFields = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
