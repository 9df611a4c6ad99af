import { listFiles, type FileListing } from '../workspace/context/list-files.ts';
import { parseMentions } from '../workspace/context/mentions.ts';
import { outlineOf } from '../workspace/context/outline.ts';
import { TokenBudget } from '../workspace/context/token-budget.ts';
import type { ModelInfo, ModelMessage, ModelPicture } from '../models/model-client.ts';
import type { RunScope } from '../run/run-scope.ts';
import type { SentContext } from '../shared/mentions.ts';
import type { ToolRegistry } from '../tools/registry.ts';
import { readable } from '../tools/search-tools.ts';
import { noSources, type ContextSources } from './context/context-sources.ts';
import { ProjectInstructions } from './context/project-instructions.ts';
import { mentioned } from './context/mentioned.ts';
import type { Resolving } from './context/resolve-mention.ts';
import { asData } from './untrusted.ts';

export interface OpeningOptions {
  readonly model?: Pick<ModelInfo, 'id' | 'contextTokens' | 'images'>;
  readonly sources?: ContextSources;
  /** The step that it belongs to; the executor's where absent. */
  readonly parent?: string;
  /** Remembers what was told here. */
  readonly instructions?: ProjectInstructions;
}

/** The step under which it is on record what a model was told at first. */
export const contextStep = 'Context';

/** Of models that do not say how much they can read. */
const unknownContext = 32_000;
/** The first request leaves most of the context to the work; in tokens. */
const share = { ofContext: 0.25, least: 1000, most: 40_000, outline: 800 };

/**
 * What the model is sent first: the project's own instructions, what there is in the workspace, what the person named, and the task. It stays in a budget of
 * tokens, and what was sent is on record with its place and its size.
 */
export async function openingMessages(scope: RunScope, tools: ToolRegistry, prompt: string, task: string, { model, sources = noSources, instructions: known = new ProjectInstructions() }: OpeningOptions = {}): Promise<readonly ModelMessage[]> {
  const budget = firstBudget(model);
  let text = task;
  let images: readonly ModelPicture[] = [];
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
    const sent: SentContext = { items, tokens: items.reduce((sum, { tokens }) => sum + tokens, 0), budgetTokens: budget.total };
    return { ...sent, items: items.map((item) => ({ ...item })) };
  });
  return [{ role: 'system', text: prompt }, { role: 'user', text, ...(images.length === 0 ? {} : { images }) }];
}

/** What the person says in a conversation that goes on: what they name is looked up as it is now, in the same budget and on record in the same way. */
export async function followingMessage(scope: RunScope, tools: ToolRegistry, told: string, { model, sources = noSources, parent }: OpeningOptions = {}): Promise<ModelMessage> {
  const mentions = parseMentions(told);
  if (mentions.length === 0) return { role: 'user', text: told };
  const budget = firstBudget(model);
  let message: ModelMessage = { role: 'user', text: told };
  await scope.step({ kind: 'workspace', name: contextStep, gated: true, ...(parent === undefined ? {} : { parent }) }, async (step) => {
    const { texts, images, items } = await mentioned(mentions, budget, { scope, tools, sources, step }, model);
    message = { role: 'user', text: [...texts, told].join('\n\n'), ...(images.length === 0 ? {} : { images }) };
    return { items: items.map((item) => ({ ...item })), tokens: items.reduce((sum, { tokens }) => sum + tokens, 0), budgetTokens: budget.total };
  });
  return message;
}

function firstBudget(model: OpeningOptions['model']): TokenBudget {
  return new TokenBudget(Math.round(Math.min(share.most, Math.max(share.least, (model?.contextTokens ?? unknownContext) * share.ofContext))));
}

/** Empty where the run may not read the workspace. */
export async function workspaceFiles(scope: RunScope, step: string): Promise<FileListing> {
  if (!scope.gate.allows({ kind: 'fs.read', path: scope.workspace })) return { files: [], cut: false };
  await scope.gate.check({ kind: 'fs.read', path: scope.workspace }, step);
  const { files, cut } = await listFiles(scope.workspace, { signal: scope.signal });
  const may = readable(scope);
  return { files: files.filter(may), cut };
}
