import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AssassinError } from '../shared/errors.ts';
import type { BudgetLimits } from '../shared/events.ts';
import type { Json } from '../shared/json.ts';
import { budgetKinds } from '../run/budget.ts';

/** `--input`: JSON, or `@file` with JSON. Absent, it is an empty object. */
export function parseInputFlag(text: string | undefined, cwd: string): Json {
  return text === undefined ? {} : parseJsonFlag('--input', text, cwd, '{"url":"https://shop.example"}');
}

/** A flag with JSON, or `@file` with JSON. `example` is what a message about it shows. */
export function parseJsonFlag(flag: string, text: string, cwd: string, example: string): Json {
  const hint = `Quote it for your shell, for example ${flag} '${example}'.`;
  if (!text.startsWith('@')) return parseJson(text, flag, hint);
  const file = resolve(cwd, text.slice(1));
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AssassinError('file-not-found', `The input file ${file} could not be read.`, { hint: `Give ${flag} @FILE with a file that exists, or the JSON itself.`, cause });
  }
  return parseJson(content, file, 'Correct the JSON in that file.');
}

function parseJson(text: string, where: string, hint: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AssassinError('invalid-input', `${where} is not valid JSON: ${reason}.`, { hint, cause });
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

/** `--port`, 0 for any that is free. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port < 65_536) return port;
  throw new AssassinError('invalid-input', `"${text}" is not a port.`, { hint: 'Write a whole number up to 65535, for example --port 4318, or leave --port out: one that is free is taken.' });
}

/** A flag with seconds, fractions too. Gives milliseconds. */
export function parseSeconds(flag: string, text: string, most: number): number {
  const seconds = text.trim() === '' ? Number.NaN : Number(text);
  if (seconds > 0 && seconds <= most) return Math.round(seconds * 1000);
  throw new AssassinError('invalid-input', `${flag} needs seconds, at most ${most}, not "${text}".`, { hint: `Write for example ${flag} 60.` });
}

/** `--limit` of a list of `what`, from 1. */
export function parseLimit(text: string, what: string, usual = 20): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new AssassinError('invalid-input', `"${text}" is not a number of ${what}.`, { hint: `Write --limit ${usual}.` });
  return limit;
}

/** `--after`: where a list goes on. The run need not be on record any more, so that one that is deleted between two pages does not end them. */
export function parseAfter(text: string | undefined): { readonly after?: string } {
  if (text === undefined) return {};
  if (/^run_[0-9a-z]{17}$/.test(text)) return { after: text };
  throw new AssassinError('invalid-input', `--after needs the id of a run, not "${text}".`, { hint: 'Give the id that the page before ends with, which --json names under "next".' });
}
