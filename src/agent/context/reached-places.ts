import type { ModelInfo, ModelMessage } from '../../models/model-client.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { Json } from '../../shared/json.ts';
import { TokenBudget } from '../../workspace/context/token-budget.ts';
import { resolvePath } from '../../workspace/paths.ts';
import type { ToolRegistry } from '../../tools/registry.ts';
import type { ContextSources } from './context-sources.ts';
import type { ProjectInstructions } from './project-instructions.ts';

/** The step under which it is on record which instructions a model was told later. */
export const instructionsStep = 'Instructions';

/** Of all instructions that a run is told later, in tokens. */
const share = { ofContext: 0.1, least: 1000, most: 16_000 };
/** Of models that do not say how much they can read. */
const unknownContext = 32_000;
/** Paths of one result. A search that finds more tells nothing of where the work will be. */
const maxFound = 200;
const writes: ReadonlySet<string> = new Set(['workspace.writeFile', 'workspace.edit']);

export interface ReachedPlacesOptions {
  readonly scope: RunScope;
  readonly tools: ToolRegistry;
  readonly sources: ContextSources;
  readonly instructions: ProjectInstructions;
  readonly model: Pick<ModelInfo, 'contextTokens'>;
}

/** Notices where in the workspace a run has come to, by reading, changing, searching or running programs there, and gives the instructions that hold there. */
export class ReachedPlaces {
  readonly #options: ReachedPlacesOptions;
  readonly #budget: TokenBudget;
  /** As they were written. */
  readonly #seen = new Set<string>();
  #fresh: string[] = [];
  #written: string[] = [];

  constructor(options: ReachedPlacesOptions) {
    this.#options = options;
    this.#budget = new TokenBudget(Math.round(Math.min(share.most, Math.max(share.least, (options.model.contextTokens ?? unknownContext) * share.ofContext))));
  }

  /** A tool was called with this input and gave this output. */
  saw(tool: string, input: Json, output: Json): void {
    if (!tool.startsWith('workspace.') && tool !== 'exec.run') return;
    const { path, folder, cwd } = fieldsOf(input);
    if (writes.has(tool) && typeof path === 'string') this.#written.push(path);
    this.#add(path);
    for (const place of [folder, cwd, ...(tool === 'workspace.list' ? [path] : [])]) if (typeof place === 'string') this.#add(`${place.replace(/\/$/, '')}/`);
    for (const place of foundIn(output)) this.#add(place);
  }

  /** What is to be told beside the next result, on record below the step `parent`; `''` where there is nothing new. */
  async take(parent: string): Promise<string> {
    if (this.#fresh.length === 0) return '';
    const { scope, tools, sources, instructions } = this.#options;
    const [places, written] = [this.#fresh, this.#written];
    [this.#fresh, this.#written] = [[], []];
    if (!sources.trusted()) return '';
    for (const path of await shownIn(scope.workspace, written)) instructions.wrote(path);
    const touched = await shownIn(scope.workspace, places);
    const open = await instructions.open(touched, parent);
    if (open.length === 0) return '';
    let texts: readonly string[] = [];
    await scope.step({ kind: 'workspace', name: instructionsStep, parent, gated: true }, async (step) => {
      const told = await instructions.reach(open, touched, this.#budget, { scope, tools, sources, step });
      texts = told.texts;
      return { items: told.items.map((item) => ({ ...item })), tokens: told.items.reduce((sum, { tokens }) => sum + tokens, 0), budgetTokens: this.#budget.total };
    });
    return texts.join('\n\n');
  }

  /** The conversation was shortened to these messages. */
  shortened(messages: readonly ModelMessage[]): void {
    this.#options.instructions.keepOnly(messages);
    this.#seen.clear();
  }

  #add(place: unknown): void {
    if (typeof place !== 'string' || place === '' || this.#seen.has(place)) return;
    this.#seen.add(place);
    this.#fresh.push(place);
  }
}

/** Relative to the workspace, with a slash at the end where it was a folder's name; without those outside of it. */
async function shownIn(workspace: string, places: readonly string[]): Promise<readonly string[]> {
  const resolved = await Promise.all(places.map(async (place) => {
    const { shown, inside } = await resolvePath(workspace, place).catch(() => ({ shown: '', inside: false }));
    return inside ? [`${shown}${place.endsWith('/') ? '/' : ''}`] : [];
  }));
  return resolved.flat();
}

/** Files that a search or the language services have named. */
function foundIn(output: Json): readonly string[] {
  const { matches } = fieldsOf(output);
  const list = Array.isArray(output) ? output : Array.isArray(matches) ? matches : [];
  return [...new Set((list as readonly Json[]).slice(0, maxFound).flatMap((each) => {
    const { path } = fieldsOf(each);
    return typeof path === 'string' ? [path] : [];
  }))];
}

function fieldsOf(value: Json): { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { readonly [key: string]: Json }) : {};
}
