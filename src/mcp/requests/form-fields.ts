import type { ElicitRequestFormParams } from '@modelcontextprotocol/client';
import type { Json, JsonObject } from '../../shared/json.ts';
import { ownEntry } from '../../shared/own-entry.ts';

type FieldSchema = ElicitRequestFormParams['requestedSchema']['properties'][string];

interface Common {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly required: boolean;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** One value of a form, as both doors show it. */
export type FormField = Common & (
  | { readonly type: 'text'; readonly initial?: string; readonly format?: string; readonly minLength?: number; readonly maxLength?: number }
  | { readonly type: 'number'; readonly integer: boolean; readonly initial?: number; readonly minimum?: number; readonly maximum?: number }
  | { readonly type: 'boolean'; readonly initial?: boolean }
  | { readonly type: 'one'; readonly choices: readonly Choice[]; readonly initial?: string }
  | { readonly type: 'many'; readonly choices: readonly Choice[]; readonly initial?: readonly string[]; readonly minItems?: number; readonly maxItems?: number }
);

/** More fields than this are no form that a person fills in. */
export const maxFields = 50;

/** The fields of a form in their order. `undefined` where the schema asks for what a flat form cannot hold. */
export function fieldsOf({ properties, required = [] }: ElicitRequestFormParams['requestedSchema']): readonly FormField[] | undefined {
  const entries = Object.entries(properties);
  if (entries.length > maxFields) return undefined;
  const fields = entries.map(([name, schema]) => fieldOf(name, schema, required.includes(name)));
  return fields.every((field) => field !== undefined) ? fields : undefined;
}

function fieldOf(name: string, schema: FieldSchema, required: boolean): FormField | undefined {
  const common: Common = { name, title: schema.title ?? name, required, ...(schema.description === undefined ? {} : { description: schema.description }) };
  switch (schema.type) {
    case 'boolean':
      return { ...common, type: 'boolean', ...(schema.default === undefined ? {} : { initial: schema.default }) };
    case 'number':
    case 'integer':
      return { ...common, type: 'number', integer: schema.type === 'integer', ...present({ initial: schema.default, minimum: schema.minimum, maximum: schema.maximum }) };
    case 'array': {
      const { items } = schema;
      const choices = 'anyOf' in items ? titled(items.anyOf) : plain(items.enum);
      return { ...common, type: 'many', choices, ...present({ initial: schema.default, minItems: schema.minItems, maxItems: schema.maxItems }) };
    }
    case 'string': {
      const choices = 'oneOf' in schema ? titled(schema.oneOf) : 'enum' in schema ? plain(schema.enum, 'enumNames' in schema ? schema.enumNames : undefined) : undefined;
      if (choices !== undefined) return { ...common, type: 'one', choices, ...present({ initial: schema.default }) };
      const text = 'format' in schema || 'minLength' in schema || 'maxLength' in schema ? { format: schema.format, minLength: schema.minLength, maxLength: schema.maxLength } : {};
      return { ...common, type: 'text', ...present({ initial: schema.default, ...text }) };
    }
    default:
      return undefined;
  }
}

function titled(options: readonly { readonly const: string; readonly title: string }[]): readonly Choice[] {
  return options.map(({ const: value, title }) => ({ value, label: title }));
}

function plain(values: readonly string[], names: readonly string[] = []): readonly Choice[] {
  return values.map((value, i) => ({ value, label: names[i] ?? value }));
}

type Present<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };

function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}

/** What is wrong with a value, as a sentence for the person; `undefined` where it is right. An absent value is `undefined`. */
export function problemOf(field: FormField, value: Json | undefined): string | undefined {
  if (value === undefined) return field.required ? 'A value is needed.' : undefined;
  switch (field.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'It must be yes or no.';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? numberProblem(field, value) : 'It must be a number.';
    case 'one':
      return field.choices.some((choice) => choice.value === value) ? undefined : 'It must be one of the choices.';
    case 'many':
      return Array.isArray(value) && value.every((item) => field.choices.some((choice) => choice.value === item)) ? countProblem(field, value.length) : 'Each must be one of the choices.';
    case 'text':
      return typeof value === 'string' ? textProblem(field, value) : 'It must be a text.';
  }
}

function numberProblem({ integer, minimum, maximum }: Extract<FormField, { readonly type: 'number' }>, value: number): string | undefined {
  if (integer && !Number.isInteger(value)) return 'It must be a whole number.';
  if (minimum !== undefined && value < minimum) return `It must be at least ${minimum}.`;
  return maximum !== undefined && value > maximum ? `It must be at most ${maximum}.` : undefined;
}

function countProblem({ minItems = 0, maxItems = Number.POSITIVE_INFINITY }: Extract<FormField, { readonly type: 'many' }>, count: number): string | undefined {
  if (count < minItems) return `Choose at least ${minItems}.`;
  return count > maxItems ? `Choose at most ${maxItems}.` : undefined;
}

function textProblem({ minLength = 0, maxLength = Number.POSITIVE_INFINITY, format }: Extract<FormField, { readonly type: 'text' }>, value: string): string | undefined {
  const length = [...value].length;
  if (length < minLength) return `It must have at least ${minLength} characters.`;
  if (length > maxLength) return `It must have at most ${maxLength} characters.`;
  switch (format) {
    case 'email':
      return /^[^\s@]+@[^\s@]+$/.test(value) ? undefined : 'It must be an e-mail address.';
    case 'uri':
      return URL.canParse(value) ? undefined : 'It must be a whole address, such as https://example.com.';
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)) ? undefined : 'It must be a date such as 2026-07-28.';
    case 'date-time':
      return /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d/.test(value) && !Number.isNaN(Date.parse(value)) ? undefined : 'It must be a date with a time, such as 2026-07-28T10:00:00Z.';
    default:
      return undefined;
  }
}

/** A typed line as the value of a field; empty means none. `undefined` where it is none, `NaN` and unknown choices are left to `problemOf`. */
export function valueOf(field: FormField, line: string): Json | undefined {
  const text = line.trim();
  if (text === '') return undefined;
  switch (field.type) {
    case 'text':
      return line;
    case 'number':
      return Number(text);
    case 'boolean':
      return /^(y|yes|true|1)$/i.test(text) ? true : /^(n|no|false|0)$/i.test(text) ? false : text;
    case 'one':
      return choiceOf(field.choices, text);
    case 'many':
      return text.split(',').map((part) => choiceOf(field.choices, part.trim()));
  }
}

/** By its number, its value or its label. */
function choiceOf(choices: readonly Choice[], text: string): string {
  const numbered = /^\d+$/.test(text) ? choices[Number(text) - 1] : undefined;
  return (choices.find(({ value }) => value === text) ?? choices.find(({ label }) => label === text) ?? numbered)?.value ?? text;
}

/** Checks an answer as a whole; whatever is in it beside the fields is left out. Throws nothing: gives the first problem. */
export function checkedAnswer(fields: readonly FormField[], content: JsonObject): { readonly content: JsonObject } | { readonly problem: string } {
  const kept: Record<string, Json> = {};
  for (const field of fields) {
    const value = ownEntry(content, field.name);
    const problem = problemOf(field, value);
    if (problem !== undefined) return { problem: `${field.title}: ${problem}` };
    if (value !== undefined) kept[field.name] = value;
  }
  return { content: kept };
}
