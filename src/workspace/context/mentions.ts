import { mentionKinds, type MentionKind } from '../../shared/mentions.ts';

interface Place {
  /** UTF-16 offsets of the whole mention in the text. */
  readonly start: number;
  readonly end: number;
}

export type Mention = Place & (
  /** `plain`: written as `@path`, which may also be a name or a handle. Lines count from 1. */
  | { readonly kind: 'file'; readonly path: string; readonly from?: number; readonly to?: number; readonly plain: boolean }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'problems'; readonly path?: string }
  | { readonly kind: 'diff'; readonly ref?: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'run'; readonly run: string }
  | { readonly kind: 'selection' | 'terminal' }
);

/** After these a mention may begin; elsewhere `@` is part of an address or a name. */
const boundary = /[\s([{,;]/;
const wordsOnly: readonly MentionKind[] = ['selection', 'problems', 'diff', 'terminal'];

interface Value {
  readonly text: string;
  readonly end: number;
  readonly quoted: boolean;
}

/**
 * What a person names with `@` in a task, in order: `@file:src/a.ts:10-20`, `@"my notes.txt"`, `@folder:src`, `@selection`, `@problems`, `@diff:main`,
 * `@url:https://…`, `@terminal`, `@run:ID`. `\@` is a plain sign. What is half-written or no mention is left alone.
 */
export function parseMentions(text: string): readonly Mention[] {
  const found: Mention[] = [];
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (at > 0 && !boundary.test(text[at - 1]!)) continue;
    const mention = mentionAt(text, at);
    if (mention === undefined) continue;
    found.push(mention);
    at = mention.end - 1;
  }
  return found;
}

function mentionAt(text: string, start: number): Mention | undefined {
  const word = /^[a-z]+/.exec(text.slice(start + 1, start + 12))?.[0];
  const kind = mentionKinds.find((each) => each === word);
  const after = start + 1 + (kind?.length ?? 0);
  if (kind !== undefined && text[after] === ':') {
    const value = valueAt(text, after + 1);
    if (value !== undefined) return named(kind, value, text, start);
  }
  if (kind !== undefined && wordsOnly.includes(kind) && /^(?:[.,:;!?)\]}'"]*(?:\s|$))/.test(text.slice(after))) return bare(kind, start, after);
  if (kind !== undefined && text[after] === ':') return undefined;
  const value = valueAt(text, start + 1);
  if (value === undefined || !(value.quoted || /^[\w./\\-]*[\w/\\]/.test(value.text))) return undefined;
  return { ...file(value, text, true), start };
}

function bare(kind: MentionKind, start: number, end: number): Mention | undefined {
  return kind === 'selection' || kind === 'terminal' || kind === 'problems' || kind === 'diff' ? { kind, start, end } : undefined;
}

function named(kind: MentionKind, value: Value, text: string, start: number): Mention | undefined {
  const { end } = value;
  switch (kind) {
    case 'file':
      return { ...file(value, text, false), start };
    case 'folder':
      return { kind, path: value.text, start, end };
    case 'problems':
      return { kind, path: value.text, start, end };
    case 'diff':
      return { kind, ref: value.text, start, end };
    case 'url':
      return URL.canParse(value.text) ? { kind, url: value.text, start, end } : undefined;
    case 'run':
      return { kind, run: value.text, start, end };
    case 'selection':
    case 'terminal':
      return undefined;
  }
}

/** Lines stand after the path, outside of its quotes. */
function file(value: Value, text: string, plain: boolean): Omit<Extract<Mention, { kind: 'file' }>, 'start'> {
  const pattern = /^(.*?):(\d{1,7})(?:-(\d{1,7}))?$/;
  const lines = value.quoted ? /^:(\d{1,7})(?:-(\d{1,7}))?(?!\w)/.exec(text.slice(value.end)) : undefined;
  const inside = value.quoted ? undefined : pattern.exec(value.text);
  const path = inside?.[1] ?? value.text;
  const from = lines?.[1] ?? inside?.[2];
  const to = lines?.[2] ?? inside?.[3] ?? from;
  return { kind: 'file', path, plain, end: value.end + (lines?.[0].length ?? 0), ...(from === undefined || to === undefined ? {} : { from: Math.max(1, Number(from)), to: Math.max(1, Number(from), Number(to)) }) };
}

/** Up to white space, or what stands in quotes, with `\"` and `\\` in it. Marks at the end of a sentence are not part of it. */
function valueAt(text: string, start: number): Value | undefined {
  if (text[start] === '"') {
    const quoted = /^"((?:[^"\\\n]|\\.)*)"/.exec(text.slice(start));
    const value = quoted?.[1]?.replace(/\\(["\\])/g, '$1');
    return quoted && value ? { text: value, end: start + quoted[0].length, quoted: true } : undefined;
  }
  const raw = /^\S+/.exec(text.slice(start))?.[0].replace(/[.,;:!?)\]}'">]+$/, '');
  return raw ? { text: raw, end: start + raw.length, quoted: false } : undefined;
}
