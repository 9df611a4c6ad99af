/** A TypeScript type as text, with how loosely it binds: a union inside an array or an intersection needs brackets. */
export interface TypeText {
  readonly text: string;
  readonly binds: 'tight' | 'intersection' | 'union';
}

export const tight = (text: string): TypeText => ({ text, binds: 'tight' });
export const unknownType = tight('unknown');
export const neverType = tight('never');

export function union(parts: readonly TypeText[]): TypeText {
  const members = distinct(parts).filter(({ text }) => text !== 'never');
  if (members.some(({ text }) => text === 'unknown')) return unknownType;
  const [first] = members;
  if (first === undefined) return neverType;
  return members.length === 1 ? first : { text: members.map(({ text }) => text).join(' | '), binds: 'union' };
}

export function intersection(parts: readonly TypeText[]): TypeText {
  const members = distinct(parts).filter(({ text }) => text !== 'unknown');
  if (members.some(({ text }) => text === 'never')) return neverType;
  const [first] = members;
  if (first === undefined) return unknownType;
  return members.length === 1 ? first : { text: members.map((part) => (part.binds === 'union' ? `(${part.text})` : part.text)).join(' & '), binds: 'intersection' };
}

export function bracketed({ text, binds }: TypeText): string {
  return binds === 'tight' ? text : `(${text})`;
}

function distinct(parts: readonly TypeText[]): readonly TypeText[] {
  return [...new Map(parts.map((part) => [part.text, part])).values()];
}

/** One JSON value as a literal type. */
export function literal(value: unknown): TypeText {
  if (Array.isArray(value)) return tight(`[${value.map((item) => literal(item).text).join(', ')}]`);
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, item]) => `${propertyName(key)}: ${literal(item).text}`);
    return tight(members.length === 0 ? '{ [key: string]: never }' : `{ ${members.join('; ')} }`);
  }
  // A number too big for a double came out of the JSON parser as Infinity.
  return tight(typeof value === 'number' && !Number.isFinite(value) ? 'number' : JSON.stringify(value) ?? 'unknown');
}

export function propertyName(name: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : JSON.stringify(name);
}

export function indented(text: string): string {
  return text.replace(/\n/g, '\n  ');
}

/** Direction overrides, zero-width and tag characters: what a reviewer would not see must not hide in a generated file. */
// oxlint-disable-next-line eslint/no-control-regex
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/gu;
const maxDoc = 4000;

/** A comment of these paragraphs in front of a declaration, with its line end; empty where there is nothing to say. */
export function docComment(...paragraphs: readonly string[]): string {
  const text = paragraphs.map((paragraph) => paragraph.replace(/\r\n?/g, '\n').replace(invisible, '').trim()).filter((paragraph) => paragraph !== '').join('\n');
  if (text === '') return '';
  const lines = (text.length > maxDoc ? `${text.slice(0, maxDoc)}...` : text).replace(/\*\//g, '*\\/').split('\n').map((line) => line.trimEnd());
  return lines.length === 1 ? `/** ${lines[0]} */\n` : `/**\n${lines.map((line) => (line === '' ? ' *' : ` * ${line}`)).join('\n')}\n */\n`;
}
