import { AssassinError } from './errors.ts';

export const tagLimits = { length: 100, perRun: 50 } as const;

/**
 * Tags as they are recorded: without blanks around them, each once. Throws `invalid-input` for one that is empty, longer than 100 characters, or holds a comma
 * or a control character, which lists of tags are taken apart at.
 */
export function cleanTags(tags: readonly string[]): readonly string[] {
  const clean = [...new Set(tags.map((tag) => tag.trim()))];
  const bad = clean.find((tag) => tag === '' || tag.length > tagLimits.length || /[\p{Cc},]/u.test(tag));
  if (bad !== undefined) throw new AssassinError('invalid-input', `"${bad.slice(0, 40)}" cannot be a tag.`, { hint: `Use 1 to ${tagLimits.length} characters without commas and line breaks.` });
  if (clean.length > tagLimits.perRun) throw new AssassinError('invalid-input', `A run may have ${tagLimits.perRun} tags, not ${clean.length}.`);
  return clean;
}
