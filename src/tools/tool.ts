import * as z from 'zod';
import type { Action } from '../policy/action.ts';
import type { RunScope } from '../run/run-scope.ts';
import { AssassinError } from '../shared/errors.ts';
import type { FileDiff } from '../shared/file-diff.ts';
import type { StepKind } from '../shared/events.ts';
import type { Json, JsonObject } from '../shared/json.ts';
import { issuesOf } from './input-issues.ts';

/** What a tool does to the world, as far as it is known beforehand. A hint for people and planners; the gate relies on actions. */
export interface Effects {
  readonly readOnly: boolean;
  readonly destructive?: boolean;
  readonly openWorld?: boolean;
  /** The output holds text of strangers: pages, files, other servers. */
  readonly untrustedOutput?: boolean;
  /** Calls may go on at the same time although they change something: each sees to order where it matters. */
  readonly concurrent?: boolean;
}

export interface ToolContext {
  readonly scope: RunScope;
  /** The step that this call is: the parent of whatever the tool does in steps of its own. */
  readonly step: string;
  readonly signal: AbortSignal;
  /** The input holds values in place of references to secrets: what shows it must not. */
  readonly secret?: true;
}

/** A tool is data plus one handler. Built-in, browser, HTTP, workspace and MCP tools all have this one shape. */
export interface Tool {
  /** Unique dotted name, for example `page.click` or `mcp.filesystem.write_file`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly kind: StepKind;
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
  readonly effects: Effects;
  /** The fields of the input in which `${secret:NAME}` stands for a secret, none where absent. No action may depend on them. */
  readonly secretFields?: 'all' | readonly string[];
  /** Checks and completes the input; throws `invalid-input` naming the field. */
  readonly parse: (input: Json) => Json | Promise<Json>;
  /** The final, resolved actions of this call, all of which the gate must allow before `run`. Empty for what only this run's own resources see. */
  readonly actions: (input: Json, context: ToolContext) => readonly Action[] | Promise<readonly Action[]>;
  /** What the call would change in its file, for a person who is asked whether it may; `undefined` where that cannot be told. Changes nothing itself. */
  readonly preview?: (input: Json, context: ToolContext) => Promise<FileDiff | undefined>;
  readonly run: (input: Json, context: ToolContext) => Promise<Json>;
}

export interface ToolDefinition<Schema extends z.ZodType> extends Omit<Tool, 'inputSchema' | 'parse' | 'actions' | 'preview' | 'run'> {
  readonly input: Schema;
  readonly actions?: (input: z.infer<Schema>, context: ToolContext) => readonly Action[] | Promise<readonly Action[]>;
  readonly preview?: (input: z.infer<Schema>, context: ToolContext) => Promise<FileDiff | undefined>;
  readonly run: (input: z.infer<Schema>, context: ToolContext) => Promise<Json>;
}

const jsonSchemas = new WeakMap<z.ZodType, JsonObject>();

/** Tools that are made for each task anew share their schemas. */
function jsonSchemaOf(schema: z.ZodType): JsonObject {
  let known = jsonSchemas.get(schema);
  if (known === undefined) jsonSchemas.set(schema, (known = z.toJSONSchema(schema, { io: 'input' }) as JsonObject));
  return known;
}

/** Makes a tool from a zod schema: the schema is the documentation, the check and the type of its handler at once. */
export function defineTool<Schema extends z.ZodType>({ input: schema, actions, preview, run, ...rest }: ToolDefinition<Schema>): Tool {
  return {
    ...rest,
    inputSchema: jsonSchemaOf(schema),
    parse: (input) => parseInput(rest.name, schema, input) as Json,
    // The registry hands both handlers what `parse` returned, and nothing else.
    actions: (input, context) => actions?.(input as z.infer<Schema>, context) ?? [],
    ...(preview === undefined ? {} : { preview: (input, context) => preview(input as z.infer<Schema>, context) }),
    run: (input, context) => run(input as z.infer<Schema>, context),
  };
}

export function parseInput<Schema extends z.ZodType>(name: string, schema: Schema, input: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = issuesOf(parsed.error, input);
  throw new AssassinError('invalid-input', `${name} got a wrong input. ${issues.join('; ')}.`, {
    hint: `Compare it with its declaration, which stands in .assassin/types; describe_tools gives it to a model.`,
    data: { tool: name, issues },
  });
}
