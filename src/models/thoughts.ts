import type { SharedV4ProviderMetadata } from '@ai-sdk/provider';
import type { JsonObject } from '../shared/json.ts';
import type { ModelEvent } from './model-client.ts';

/** Puts together what a model thinks, block by block, with what the provider attached on the way. */
export class Thoughts {
  readonly #blocks = new Map<string, { text: string; attached: JsonObject | undefined }>();

  add(block: string, text: string, metadata: SharedV4ProviderMetadata | undefined): void {
    const found = this.#blocks.get(block) ?? { text: '', attached: undefined };
    this.#blocks.set(block, { text: found.text + text, attached: merged(found.attached, metadata) });
  }

  /** One block, or all that are left: not every server says where a block ends. */
  *take(block?: string): Generator<Extract<ModelEvent, { type: 'thought' }>, void, undefined> {
    // A map that loses entries while it is gone through skips none.
    for (const [id, { text, attached }] of this.#blocks) {
      if (block !== undefined && id !== block) continue;
      this.#blocks.delete(id);
      if (text !== '' || attached !== undefined) yield { type: 'thought', thought: { text, ...(attached === undefined ? {} : { attached }) } };
    }
  }
}

/** A signature comes at the end of its block, in a piece of its own. */
function merged(before: JsonObject | undefined, metadata: SharedV4ProviderMetadata | undefined): JsonObject | undefined {
  if (metadata === undefined) return before;
  const more = JSON.parse(JSON.stringify(metadata)) as JsonObject;
  return Object.fromEntries([...Object.entries(before ?? {}), ...Object.entries(more).map(([name, value]) => [name, { ...Object(before?.[name]), ...Object(value) }])]) as JsonObject;
}
