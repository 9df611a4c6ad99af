import { plain, slips } from '../shared/slips.ts';

/** Fields that other programs read from the same files: none of them is a slip of the keyboard, however near it is to one of ours. */
const ofOthers: ReadonlySet<string> = new Set(['auth', 'description', 'dev', 'gallery', 'id', 'name', 'timeout', 'tools', 'transport', 'transportType', 'trust', 'version']);

/** The field that somebody who wrote `key` most likely meant; undefined where it is one, or is like none. */
export function meantField(key: string, fields: readonly string[]): string | undefined {
  if (fields.includes(key) || ofOthers.has(key) || !/^[a-z]/i.test(key)) return undefined;
  const limit = key.length < 5 ? 1 : 2;
  const [best] = fields.map((field) => ({ field, slips: slips(plain(key), plain(field)) })).toSorted((a, b) => a.slips - b.slips);
  return best !== undefined && best.slips <= limit ? best.field : undefined;
}
