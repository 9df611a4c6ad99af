import type { StoredValue } from '../shared/json.ts';

/** The fields of an input that say most, in this order; without any of them its first short text does. */
const tellingFields = ['url', 'path', 'uri', 'query', 'selector', 'command', 'name', 'message'];
const aboutLimit = 120;

/** What the input of a step is about, in a few words: an address, a path, a query. */
export function aboutOf(input: StoredValue | undefined): string | undefined {
  if (!input || !('json' in input)) return undefined;
  const { json } = input;
  if (typeof json === 'string') return clip(json);
  if (typeof json !== 'object' || json === null) return undefined;
  const texts = Object.entries(json).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '');
  const telling = tellingFields.map((field) => texts.find(([name]) => name === field)).find((entry) => entry !== undefined);
  const text = (telling ?? texts[0])?.[1];
  return text === undefined ? undefined : clip(text);
}

const clip = (text: string) => (text.length <= aboutLimit ? text : `${text.slice(0, aboutLimit)}…`);
