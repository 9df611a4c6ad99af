import type { Definition } from '../admission.ts';
import { covertPatterns, fishingParameter } from './covert-patterns.ts';
import { hiddenIn } from './hidden-characters.ts';
import { foreignLetters } from './look-alikes.ts';
import type { ToolNames } from './tool-names.ts';

/** Something odd in a definition, as a sentence without a full stop. A hint for a person: nothing is proven by it. */
export interface Finding {
  /** A person should look before it is used; the others are only told. */
  readonly serious: boolean;
  readonly text: string;
}

/** Beyond this, text is not looked through and the definition is held. */
const longestText = 200_000;

/** What a person should know of a definition before it is used. */
export function findingsIn(definition: Definition, names: ToolNames): readonly Finding[] {
  const texts = definition.kind === 'instructions' ? [definition.text] : textsOf(definition.raw);
  const whole = texts.join('\n');
  if (whole.length > longestText) return [{ serious: true, text: `It is ${whole.length} characters long, more than anybody reads` }];
  const serious = (text: string): Finding => ({ serious: true, text });
  const hint = (text: string): Finding => ({ serious: false, text });
  const hidden = hiddenIn(whole).map((what) => serious(`It holds ${what}`));
  const covert = covertPatterns.filter(({ pattern }) => pattern.test(whole)).map(({ what }) => serious(`It ${what}`));
  if (definition.kind === 'instructions') return [...hidden, ...covert];
  const { name } = definition;
  const disguise = foreignLetters(name).map((letter) => serious(`The letter "${letter}" (U+${letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}) of its name only looks like a Latin one`));
  if (definition.kind !== 'tool') return [...hidden, ...disguise, ...covert];
  const twins = names.twinsOf(name).map((other) => serious(`Its name looks like "${other}" of the same server`));
  const namesakes = names.namesakesOf(name).map((other) => hint(`The server ${other.server} has a tool of the same name`));
  const alike = names.likesOf(name).map((other) => serious(`Its name looks like "${other.name}" of the server ${other.server}`));
  const near = names.nearTo(name).map((other) => hint(`Its name is close to "${other.name}" of the server ${other.server}`));
  const shadowed = names.spokenOf(whole).map((other) => serious(`It speaks of the tool "${other.name}" of the server ${other.server}`));
  const fishing = Object.keys(propertiesOf(definition.raw['inputSchema'])).filter((parameter) => fishingParameter.test(parameter)).map((parameter) => hint(`Its argument "${parameter}" would take what a model knows beyond the task`));
  return [...hidden, ...disguise, ...covert, ...twins, ...namesakes, ...alike, ...near, ...shadowed, ...fishing];
}

function propertiesOf(schema: unknown): object {
  const properties: unknown = typeof schema === 'object' && schema !== null ? Reflect.get(schema, 'properties') : undefined;
  return typeof properties === 'object' && properties !== null ? properties : {};
}

/** Every text of a definition, names of fields included: all of them are read by a model. */
function textsOf(value: unknown): readonly string[] {
  const texts: string[] = [];
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') texts.push(next);
    else if (Array.isArray(next)) open.push(...next as readonly unknown[]);
    else if (typeof next === 'object' && next !== null) for (const [key, item] of Object.entries(next)) {
      texts.push(key);
      // Bytes of a picture are no text, and are never shown.
      if (!(typeof item === 'string' && item.startsWith('data:image/'))) open.push(item);
    }
  }
  return texts;
}
