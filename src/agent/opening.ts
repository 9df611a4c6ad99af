import { listFiles, type FileListing } from '../workspace/context/list-files.ts';
import { parseMentions, type Mention } from '../workspace/context/mentions.ts';
import { outlineOf } from '../workspace/context/outline.ts';
import { TokenBudget } from '../workspace/context/token-budget.ts';
import type { ModelInfo, ModelMessage } from '../models/model-client.ts';
import type { RunScope } from '../run/run-scope.ts';
import { describeError, toErrorInfo } from '../shared/errors.ts';
import type { SentContext, SentItem } from '../shared/mentions.ts';
import type { ToolRegistry } from '../tools/registry.ts';
import { readable } from '../tools/search-tools.ts';
import { noSources, type ContextSources } from './context/context-sources.ts';
import { ProjectInstructions } from './context/project-instructions.ts';
import { resolveMention, type ResolvedMention, type Resolving } from './context/resolve-mention.ts';
import { asData, asStrangersData } from './untrusted.ts';

export interface OpeningOptions {
  readonly model?: Pick<ModelInfo, 'id' | 'contextTokens' | 'images'>;
  readonly sources?: ContextSources;
  /** Remembers what was told here. */
  readonly instructions?: ProjectInstructions;
}

/** The step under which it is on record what a model was told at first. */
export const contextStep = 'Context';

/** Of models that do not say how much they can read. */
const unknownContext = 32_000;
/** The first request leaves most of the context to the work; in tokens. */
const share = { ofContext: 0.25, least: 1000, most: 40_000, mentions: 0.6, oneMention: 0.5, outline: 800 };
/** As the estimate of requests counts them. */
const tokensPerImage = 1000;
const maxImages = 8;

interface Sent {
  readonly texts: string[];
  readonly items: SentItem[];
  readonly images: { readonly mediaType: string; readonly base64: string }[];
}

/**
 * What the model is sent first: the project's own instructions, what there is in the workspace, what the person named, and the task. It stays in a budget of
 * tokens, and what was sent is on record with its place and its size.
 */
export async function openingMessages(scope: RunScope, tools: ToolRegistry, prompt: string, task: string, { model, sources = noSources, instructions: known = new ProjectInstructions() }: OpeningOptions = {}): Promise<readonly ModelMessage[]> {
  const total = Math.round(Math.min(share.most, Math.max(share.least, (model?.contextTokens ?? unknownContext) * share.ofContext)));
  const budget = new TokenBudget(total);
  let text = task;
  let images: Sent['images'] = [];
  await scope.step({ kind: 'workspace', name: contextStep, gated: true }, async (step) => {
    const context: Resolving = { scope, tools, sources, step };
    const mentions = parseMentions(task);
    const named = await mentioned(mentions, budget, context, model);
    const listing = await workspaceFiles(scope, step);
    const touched = mentions.flatMap((mention) => (mention.kind === 'file' || mention.kind === 'folder' ? [mention.kind === 'folder' ? `${mention.path.replace(/\/$/, '')}/` : mention.path] : []));
    const instructions = await known.begin(listing.files, touched, budget, context);
    const outline = listing.files.length === 0 ? undefined : budget.take(outlineOf(task, listing.files, listing.cut), share.outline);
    images = named.images;
    text = [
      ...instructions.texts,
      ...(outline ? [`What there is in the workspace:\n${asData('workspace', outline.text)}`] : []),
      ...named.texts,
      `The task:\n${task}`,
    ].join('\n\n');
    const items = [...instructions.items, ...(outline ? [{ kind: 'outline' as const, source: 'workspace', tokens: outline.tokens, ofTokens: outline.ofTokens }] : []), ...named.items];
    const sent: SentContext = { items, tokens: items.reduce((sum, { tokens }) => sum + tokens, 0), budgetTokens: total };
    return { ...sent, items: items.map((item) => ({ ...item })) };
  });
  return [{ role: 'system', text: prompt }, { role: 'user', text, ...(images.length === 0 ? {} : { images }) }];
}

/** What the person named, in order, each once. What cannot be given is said so, to the model too: it must not go on as if it had seen it. */
async function mentioned(mentions: readonly Mention[], budget: TokenBudget, context: Resolving, model: OpeningOptions['model']): Promise<Sent> {
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

function add({ texts, items, images }: Sent, { kind, source, text, image, from, to }: ResolvedMention, budget: TokenBudget, most: number, model: OpeningOptions['model'], scope: RunScope): void {
  const lines = from === undefined || to === undefined ? {} : { from, to };
  if (image) {
    const problem = model?.images === false ? `${model.id} sees no pictures.` : images.length >= maxImages || budget.left < tokensPerImage ? 'There was no room left.' : undefined;
    items.push({ kind: 'image', source, tokens: problem === undefined ? tokensPerImage : 0, ofTokens: tokensPerImage, ...(problem === undefined ? {} : { problem }) });
    if (problem === undefined) {
      budget.take(' '.repeat(tokensPerImage * 4));
      images.push(image);
    }
    texts.push(problem === undefined ? `The person named the picture @${source}; it is attached.` : `The person named the picture @${source}, but it could not be given: ${problem}`);
    return;
  }
  const fitted = budget.take(text, most);
  const place = from === undefined ? '' : `, lines ${from} to ${to}`;
  if (fitted === undefined) {
    items.push({ kind, source, tokens: 0, ofTokens: Math.ceil(text.length / 4), ...lines, problem: 'There was no room left.' });
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

/** Empty where the run may not read the workspace. */
export async function workspaceFiles(scope: RunScope, step: string): Promise<FileListing> {
  if (!scope.gate.allows({ kind: 'fs.read', path: scope.workspace })) return { files: [], cut: false };
  await scope.gate.check({ kind: 'fs.read', path: scope.workspace }, step);
  const { files, cut } = await listFiles(scope.workspace, { signal: scope.signal });
  const may = readable(scope);
  return { files: files.filter(may), cut };
}
