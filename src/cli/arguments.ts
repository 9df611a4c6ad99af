import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AssassinError } from '../shared/errors.ts';
import type { BudgetLimits } from '../shared/events.ts';
import type { Json } from '../shared/json.ts';
import { budgetKinds } from '../run/budget.ts';

/** `--input`: JSON, or `@file` with JSON. Absent, it is an empty object. */
export function parseInputFlag(text: string | undefined, cwd: string): Json {
  if (text === undefined) return {};
  if (!text.startsWith('@')) return parseJson(text, '--input');
  const file = resolve(cwd, text.slice(1));
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AssassinError('file-not-found', `The input file ${file} could not be read.`, { hint: 'Give --input @FILE with a file that exists, or the JSON itself.', cause });
  }
  return parseJson(content, file);
}

function parseJson(text: string, where: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AssassinError('invalid-input', `${where} is not valid JSON: ${reason}.`, { hint: `Quote it for your shell, for example --input '{"url":"https://shop.example"}'.`, cause });
  }
}

/** `--budget wallMs=60000 --budget steps=100`. */
export function parseBudgetFlags(flags: readonly string[], option = '--budget'): BudgetLimits | undefined {
  if (flags.length === 0) return undefined;
  return Object.fromEntries(flags.map((flag) => {
    const [name = '', value = ''] = flag.split('=', 2);
    const kind = budgetKinds.find((item) => item === name);
    const amount = value.trim() === '' ? Number.NaN : Number(value);
    if (!kind || !Number.isFinite(amount) || amount < 0) {
      throw new AssassinError('invalid-input', `"${flag}" is not a budget.`, { hint: `Write ${option} NAME=NUMBER, where NAME is one of ${budgetKinds.join(', ')}.` });
    }
    return [kind, amount];
  }));
}

/** For repeated flags such as `--allow`. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** A flag with a whole number from 0. */
export function parseWholeNumber(flag: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new AssassinError('invalid-input', `${flag} needs a whole number, not "${text}".`, { hint: `Write for example ${flag} 1000.` });
}

/** `--limit` of a list of `what`, from 1. */
export function parseLimit(text: string, what: string, usual = 20): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new AssassinError('invalid-input', `"${text}" is not a number of ${what}.`, { hint: `Write --limit ${usual}.` });
  return limit;
}
