import { estimateInput } from '../models/usage.ts';
import type { ModelMessage, ModelTool } from '../models/model-client.ts';
import { AssassinError, describeError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';
import { askModel, type AskOptions } from './ask-model.ts';
import { dropPictures, pictureCount, tooManyPictures } from './policies/drop-pictures.ts';
import { toShorten } from './policies/prune.ts';
import { middleOf, summaryMessage, summaryRequest, worthIt } from './policies/summarize.ts';
import { ResultStore } from './result-store.ts';

export interface CompactionOptions extends AskOptions {
  readonly results: ResultStore;
  /** They take room as well. */
  readonly tools: readonly ModelTool[];
  /** Messages at the end that the model has not been sent yet: they stay as they are. */
  readonly unsent: number;
  /** The person wants all of it as long as it fits at all: no room is kept for estimates that are off. */
  readonly wide?: boolean;
}

/** Room for the answer and for estimates that are off, as a share of the model's context. */
const usableContext = 0.75;
/** Of models that do not say how much they can read. */
const unknownContext = 32_000;
/** Below this share of the limit there is room for the next turns, and nothing has to be summarized. */
const roomy = 0.85;

export const compactionStep = 'Compaction';

/**
 * Makes a conversation fit into what the model can read: its oldest pictures go first, then long results are shortened to handles, oldest first; where that is not enough, the model sums up the
 * middle. Called once before each turn. What does not shrink is refused. The record keeps every message as it was, and forking or resuming the task
 * begins with those. Gives back the same list where nothing had to be done; throws `model-refused` where it does not fit at all.
 */
export async function makeRoom(options: CompactionOptions, messages: readonly ModelMessage[], parent: string): Promise<readonly ModelMessage[]> {
  const { client, tools, scope } = options;
  const limit = Math.floor((client.info.contextTokens ?? unknownContext) * usableContext) - definitions(tools);
  const most = options.wide === true ? (windowOf(options) ?? Number.POSITIVE_INFINITY) : limit;
  const before = tokensOf(messages);
  if (before <= most && !tooManyPictures(messages)) return messages;
  let compacted = messages;
  await scope.step({ kind: 'agent', name: compactionStep, parent, input: { tokens: before, limit, messages: messages.length } }, async (step) => {
    const seen = dropPictures(messages, { limit, tokensOf, unsent: options.unsent });
    const shortened = shorten(options, seen, limit);
    const pruned = tokensOf(shortened);
    const summarized = pruned <= limit * roomy ? { messages: shortened } : await summarize(options, shortened, limit, step);
    compacted = summarized.messages;
    const after = tokensOf(compacted);
    if (after >= before && !tooManyPictures(messages)) compacted = messages;
    const done: JsonObject = {
      tokens: Math.min(after, before), messages: compacted.length, shortened: shortened.filter((message, index) => message !== seen[index]).length,
      ...(seen === messages ? {} : { pictures: pictureCount(messages) - pictureCount(seen) }),
      ...('summary' in summarized ? { summarized: summarized.replaced, summary: summarized.summary } : {}), ...('refused' in summarized ? { refused: summarized.refused } : {}),
    };
    scope.log('info', `The conversation was shortened to make room: about ${before} tokens before, ${Math.min(after, before)} after.`);
    return done;
  });
  const after = tokensOf(compacted);
  if (after > limit) {
    throw new AssassinError('model-refused', `The conversation has about ${after} tokens and does not fit into what ${client.info.id} can read (${limit} beside tools and answer).`, { hint: 'Ask for less at a time, or choose a model with a larger context.' });
  }
  return compacted;
}

/** Tokens that all messages may have at the very most; `undefined` for a model of which nobody knows how much it can read. */
export function windowOf({ client, tools, maxOutputTokens }: Pick<CompactionOptions, 'client' | 'tools' | 'maxOutputTokens'>): number | undefined {
  const context = client.info.contextTokens;
  return context === undefined ? undefined : Math.floor(context - Math.min(maxOutputTokens, context * 0.1)) - definitions(tools);
}

function definitions(tools: readonly ModelTool[]): number {
  return estimateInput({ messages: [], tools, toolChoice: 'none' });
}

function shorten({ results }: CompactionOptions, messages: readonly ModelMessage[], limit: number): readonly ModelMessage[] {
  const indexes = new Set(toShorten(messages, { limit, tokensOf, shortLength: ResultStore.shortLength }));
  return messages.map((message, index) => (indexes.has(index) && message.role === 'tool' ? { ...message, text: results.shorten(message.text) } : message));
}

type Summarized = { readonly messages: readonly ModelMessage[] } | { readonly messages: readonly ModelMessage[]; readonly refused: string } | { readonly messages: readonly ModelMessage[]; readonly summary: string; readonly replaced: number };

async function summarize(options: CompactionOptions, messages: readonly ModelMessage[], limit: number, step: string): Promise<Summarized> {
  const middle = middleOf(messages, { limit, tokensOf, unsent: options.unsent });
  if (middle === undefined) return { messages, refused: 'There is nothing between the beginning and the end that could be summed up.' };
  const { from, to } = middle;
  try {
    const answer = await askModel({ ...options, maxOutputTokens: Math.min(options.maxOutputTokens, 2048), onDelta: () => undefined }, summaryRequest(messages.slice(from, to), limit), [], step);
    const summary = summaryMessage(answer.text, to - from);
    const shorter = [...messages.slice(0, from), summary, ...messages.slice(to)];
    if (!worthIt(answer.text, tokensOf(messages), tokensOf(shorter))) return { messages, refused: 'The summary was empty or not shorter than what it stands for.' };
    return { messages: shorter, summary: answer.text, replaced: to - from };
  } catch (error) {
    if (options.scope.signal.aborted || (AssassinError.isInstance(error) && error.code === 'budget-exceeded')) throw error;
    return { messages, refused: describeError(error) };
  }
}

export function tokensOf(messages: readonly ModelMessage[]): number {
  return estimateInput({ messages, tools: [], toolChoice: 'none' });
}
