import type { ModelMessage } from '../../models/model-client.ts';
import { hasPictures, withoutOne } from '../pictures/pictures.ts';

/** More than these, and more Base64 than this, providers refuse in one request. */
const most = { pictures: 20, characters: 20_000_000 };
/** Dropped to below this share of the limit, so that the next turn does not begin with the same again. */
const target = 0.7;

export interface DropOptions {
  /** Tokens that the messages may have. */
  readonly limit: number;
  readonly tokensOf: (messages: readonly ModelMessage[]) => number;
  /** Messages at the end that the model has not been sent yet. */
  readonly unsent: number;
}

/** True where a request would be refused for its pictures, however few tokens it has. */
export function tooManyPictures(messages: readonly ModelMessage[]): boolean {
  const { pictures, characters } = weight(messages);
  return pictures > most.pictures || characters > most.characters;
}

/** A conversation without its oldest pictures, until it fits; those that are new stay as long as any old one is there. The same list where there are none. */
export function dropPictures(messages: readonly ModelMessage[], { limit, tokensOf, unsent }: DropOptions): readonly ModelMessage[] {
  const fits = (list: readonly ModelMessage[]) => tokensOf(list) <= limit * target && !tooManyPictures(list);
  if (!messages.some(hasPictures)) return messages;
  const dropped = [...messages];
  for (let index = 0; index < messages.length; index++) {
    const message = dropped[index]!;
    if (!hasPictures(message)) continue;
    const isNew = index >= messages.length - unsent;
    if (isNew ? !tooManyPictures(dropped) : fits(dropped)) break;
    dropped[index] = withoutOne(message, 'it was left out to make room; return its blob with its media type from code to see it again');
  }
  return dropped;
}

export function pictureCount(messages: readonly ModelMessage[]): number {
  return weight(messages).pictures;
}

function weight(messages: readonly ModelMessage[]): { readonly pictures: number; readonly characters: number } {
  let [pictures, characters] = [0, 0];
  for (const message of messages) {
    if ((message.role !== 'user' && message.role !== 'tool') || message.images === undefined) continue;
    pictures += message.images.length;
    for (const { base64 } of message.images) characters += base64.length;
  }
  return { pictures, characters };
}
