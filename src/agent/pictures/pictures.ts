import type { ModelInfo, ModelMessage, ModelPicture } from '../../models/model-client.ts';
import { StoredPicture } from '../../models/picture.ts';
import { pictureFacts } from '../../workspace/picture-facts.ts';
import { namedPictures } from './named-pictures.ts';

/** The bytes of a blob that a run has; `undefined` for any other. */
export type OwnBlob = (run: string, hash: string) => Promise<Uint8Array | undefined>;

/** Of one result: each takes a thousand tokens and more. */
const maxOfOne = 4;
/** Anthropic takes 5 MB of Base64, the others more; in bytes. */
const maxBytes = 3_750_000;
/** Anthropic refuses larger ones, each way, in pixels. */
const maxSide = 8000;

export interface Shown {
  readonly images: readonly ModelPicture[];
  /** What the model is told of them; `''` where there is none. */
  readonly note: string;
}

/** Hands pictures that a run has kept to its model, where it sees any. */
export class Pictures {
  readonly #run: string;
  readonly #read: OwnBlob;
  readonly #model: Pick<ModelInfo, 'id' | 'images'>;
  #refused = false;

  constructor(run: string, read: OwnBlob, model: Pick<ModelInfo, 'id' | 'images'>) {
    this.#run = run;
    this.#read = read;
    this.#model = model;
  }

  /** The pictures that the text of a result names. Only those of this run: what a text says may be a stranger's. */
  async shown(text: string): Promise<Shown> {
    const images: ModelPicture[] = [];
    const notes: string[] = [];
    const named = namedPictures(text);
    for (const blob of named) {
      const bytes = await this.#read(this.#run, blob);
      if (bytes === undefined) continue;
      const facts = pictureFacts(bytes);
      const problem = this.#problem(facts, bytes.length, images.length);
      if (problem === undefined && facts !== undefined) images.push(new StoredPicture(facts.mediaType, blob, bytes));
      notes.push(`[Picture ${blob.slice(0, 8)}${facts === undefined ? '' : `, ${facts.width} x ${facts.height}`}: ${problem ?? 'attached'}]`);
    }
    return { images, note: notes.join('\n') };
  }

  /** An earlier conversation, for a model that may not see what the one before has seen. */
  fit(messages: readonly ModelMessage[]): readonly ModelMessage[] {
    return this.#sees ? messages : withoutPictures(messages, `${this.#model.id} sees no pictures`);
  }

  /** Nobody has said whether the model sees pictures, and it has refused a request with some: gives the conversation without. `undefined` where that is not it. */
  withoutRefused(messages: readonly ModelMessage[]): readonly ModelMessage[] | undefined {
    if (this.#model.images === true || !messages.some(hasPictures)) return undefined;
    this.#refused = true;
    return this.fit(messages);
  }

  get #sees(): boolean {
    return this.#model.images !== false && !this.#refused;
  }

  #problem(facts: ReturnType<typeof pictureFacts>, bytes: number, before: number): string | undefined {
    if (!this.#sees) return `not attached, because ${this.#model.id} sees no pictures; go by text`;
    if (facts === undefined) return 'not attached, because models take only PNG, JPEG, GIF and WebP';
    if (facts.width > maxSide || facts.height > maxSide) return `not attached, because models take ${maxSide} pixels each way at most; take a part of it`;
    if (bytes > maxBytes) return `not attached, because its ${bytes} bytes are more than the ${maxBytes} that models take; take a part of it`;
    return before >= maxOfOne ? `not attached, because ${maxOfOne} are shown at once; return it alone to see it` : undefined;
  }
}

export function hasPictures(message: ModelMessage): boolean {
  return (message.role === 'user' || message.role === 'tool') && (message.images?.length ?? 0) > 0;
}

/** With a sentence in the place of each picture. Messages without any stay the same objects: what is known of them need not be found out again. */
export function withoutPictures(messages: readonly ModelMessage[], why: string): readonly ModelMessage[] {
  return messages.map((message) => (hasPictures(message) ? withoutOne(message, why) : message));
}

/** One message without its pictures. */
export function withoutOne(message: ModelMessage, why: string): ModelMessage {
  if (message.role !== 'user' && message.role !== 'tool') return message;
  const { images = [], ...rest } = message;
  const notes = images.map(({ blob }) => `[The picture${blob === undefined ? '' : ` ${blob.slice(0, 8)}`} is not shown here: ${why}.]`);
  return { ...rest, text: [message.text, ...notes].join('\n') };
}
