import type { ModelMessage } from '../../models/model-client.ts';

/** The files of which a conversation holds the instructions, by the words in front of them. What stands inside of data may be anybody's, and does not count. */
export function toldIn(messages: readonly ModelMessage[]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { role, text } of messages) {
    if (role !== 'user' && role !== 'tool') continue;
    const own = text.replace(/<data source=[^\n]*>\n[\s\S]*?\n<\/data>/g, '');
    for (const [, path = ''] of own.matchAll(/^Instructions of this project, from (.+?)\. They say how to work here;/gm)) paths.add(path);
  }
  return paths;
}
