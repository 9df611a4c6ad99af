import type { ModelInfo, ModelPicture } from '../../models/model-client.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { describeError, toErrorInfo } from '../../shared/errors.ts';
import type { SentItem } from '../../shared/mentions.ts';
import { charactersPerToken, tokensIn, tokensPerImage } from '../../shared/token-estimate.ts';
import type { Mention } from '../../workspace/context/mentions.ts';
import type { TokenBudget } from '../../workspace/context/token-budget.ts';
import { asStrangersData } from '../untrusted.ts';
import { resolveMention, type ResolvedMention, type Resolving } from './resolve-mention.ts';

const share = { mentions: 0.6, oneMention: 0.5 };
const maxImages = 8;

type Model = Pick<ModelInfo, 'id' | 'images'> | undefined;

export interface Sent {
  readonly texts: string[];
  readonly items: SentItem[];
  readonly images: ModelPicture[];
}

/** What the person named, in order, each once. What cannot be given is said so, to the model too: it must not go on as if it had seen it. */
export async function mentioned(mentions: readonly Mention[], budget: TokenBudget, context: Resolving, model: Model): Promise<Sent> {
  const sent: Sent = { texts: [], items: [], images: [] };
  const seen = new Set<string>();
  const room = budget.total * (1 - share.mentions);
  for (const mention of mentions) {
    const { start: _start, end: _end, ...what } = mention;
    const key = JSON.stringify(what);
    if (seen.has(key)) continue;
    seen.add(key);
    try {
      const found = await resolveMention(mention, context);
      if (found) add(sent, found, budget, Math.min(budget.total * share.oneMention, budget.left - room), model, context.scope);
    } catch (error) {
      context.scope.signal.throwIfAborted();
      if (toErrorInfo(error).code === 'budget-exceeded') throw error;
      const source = nameOf(mention);
      const problem = describeError(error);
      context.scope.log('warn', `${source} is not part of what the model is told: ${problem}`);
      sent.items.push({ kind: mention.kind, source, tokens: 0, ofTokens: 0, problem });
      sent.texts.push(`The person named ${source}, but it could not be given: ${problem.slice(0, 300)}`);
    }
  }
  return sent;
}

function add({ texts, items, images }: Sent, { kind, source, text, image, from, to }: ResolvedMention, budget: TokenBudget, most: number, model: Model, scope: RunScope): void {
  const lines = from === undefined || to === undefined ? {} : { from, to };
  if (image) {
    const problem = model?.images === false ? `${model.id} sees no pictures.` : images.length >= maxImages || budget.left < tokensPerImage ? 'There was no room left.' : undefined;
    items.push({ kind: 'image', source, tokens: problem === undefined ? tokensPerImage : 0, ofTokens: tokensPerImage, ...(problem === undefined ? {} : { problem }) });
    if (problem === undefined) {
      budget.take(' '.repeat(tokensPerImage * charactersPerToken));
      images.push(image);
    }
    texts.push(problem === undefined ? `The person named the picture @${source}; it is attached.` : `The person named the picture @${source}, but it could not be given: ${problem}`);
    return;
  }
  const fitted = budget.take(text, most);
  const place = from === undefined ? '' : `, lines ${from} to ${to}`;
  if (fitted === undefined) {
    items.push({ kind, source, tokens: 0, ofTokens: tokensIn(text.length), ...lines, problem: 'There was no room left.' });
    texts.push(`The person named ${labelOf(kind, source)}${place}; there was no room for it here. Read it yourself.`);
    return;
  }
  items.push({ kind, source, tokens: fitted.tokens, ofTokens: fitted.ofTokens, ...lines });
  texts.push(`The person named ${labelOf(kind, source)}${place}:\n${asStrangersData(kind === 'file' ? source : `${kind} ${source}`, fitted.text, scope)}`);
}

function labelOf(kind: ResolvedMention['kind'], source: string): string {
  return kind === 'file' ? `@${source}` : `@${kind} (${source})`;
}

function nameOf(mention: Mention): string {
  switch (mention.kind) {
    case 'file':
      return `@${mention.path}`;
    case 'folder':
      return `@folder:${mention.path}`;
    case 'url':
      return `@url:${mention.url}`;
    case 'run':
      return `@run:${mention.run}`;
    case 'problems':
    case 'diff':
    case 'selection':
    case 'terminal':
      return `@${mention.kind}`;
  }
}
