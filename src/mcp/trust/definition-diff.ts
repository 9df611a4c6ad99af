import { createHash } from 'node:crypto';
import type { McpPin } from '../../store/mcp-pins.ts';
import { definitionText } from './definition-text.ts';
import type { Withheld } from './server-trust.ts';

/** Lines of what was approved and what is to be: `-` gone, `+` new, unchanged ones with a blank. Of something new all lines are new. */
export async function definitionDiff({ before, now }: Pick<Withheld, 'before' | 'now'>): Promise<readonly string[]> {
  const { diffComm } = await import('node-diff3');
  return diffComm(before === undefined ? [] : linesOf(before), linesOf(now)).flatMap((part) =>
    'common' in part && part.common !== undefined ? part.common.map((line) => `  ${line}`) : [...part.buffer1.map((line) => `- ${line}`), ...part.buffer2.map((line) => `+ ${line}`)]);
}

/** By which a person names exactly what was shown: another text, another name, another id. */
export function reviewId({ kind, name, hash }: McpPin): string {
  return createHash('sha256').update(JSON.stringify([kind, name, hash])).digest('hex').slice(0, 20);
}

/** What is withheld, in a few words. */
export function titleOf({ kind, name }: Pick<McpPin, 'kind' | 'name'>): string {
  switch (kind) {
    case 'server': return 'how it is started';
    case 'instructions': return 'its instructions';
    case 'resource-template': return `resource template ${name}`;
    default: return `${kind} ${name}`;
  }
}

function linesOf(pin: McpPin): string[] {
  return definitionText(pin).trimEnd().split('\n');
}
