import type { StepKind } from '../shared/events.ts';

/** OTLP's numbers for the kind of a span: our own work, or a call to another process. */
export const otelSpanKind = { internal: 1, client: 3 } as const;
/** OTLP's numbers for the outcome of a span. */
export const otelStatus = { unset: 0, ok: 1, error: 2 } as const;

export interface OtelNaming {
  readonly operation: string | undefined;
  /** The attribute that bears the step's name. */
  readonly nameAttribute: string;
  readonly inputAttribute: string;
  readonly outputAttribute: string;
  readonly spanKind: (typeof otelSpanKind)[keyof typeof otelSpanKind];
}

/** What has no name in the conventions goes under a prefix of our own, as they ask for. */
export const ownPrefix = 'infrastructure_assassin';

const workflow: OtelNaming = {
  operation: 'invoke_workflow', nameAttribute: 'gen_ai.workflow.name', inputAttribute: `${ownPrefix}.input`, outputAttribute: `${ownPrefix}.output`, spanKind: otelSpanKind.internal,
};
const tool: OtelNaming = {
  operation: 'execute_tool', nameAttribute: 'gen_ai.tool.name', inputAttribute: 'gen_ai.tool.call.arguments', outputAttribute: 'gen_ai.tool.call.result', spanKind: otelSpanKind.internal,
};
const own: OtelNaming = {
  operation: undefined, nameAttribute: `${ownPrefix}.name`, inputAttribute: `${ownPrefix}.input`, outputAttribute: `${ownPrefix}.output`, spanKind: otelSpanKind.internal,
};

/** Names of the OpenTelemetry semantic conventions for generative AI and MCP (in development there; read 2026-11) for each kind of step. */
const namings: Readonly<Record<StepKind, OtelNaming>> = {
  run: workflow,
  chain: workflow,
  agent: { operation: 'invoke_agent', nameAttribute: 'gen_ai.agent.name', inputAttribute: 'gen_ai.input.messages', outputAttribute: 'gen_ai.output.messages', spanKind: otelSpanKind.internal },
  model: { operation: 'chat', nameAttribute: 'gen_ai.request.model', inputAttribute: 'gen_ai.input.messages', outputAttribute: 'gen_ai.output.messages', spanKind: otelSpanKind.client },
  mcp: { ...tool, spanKind: otelSpanKind.client },
  http: { ...tool, spanKind: otelSpanKind.client },
  tool,
  browser: tool,
  workspace: tool,
  edit: tool,
  sandbox: own,
  approval: own,
  lease: own,
  // Only other programs have these; their own attributes are shown.
  retriever: { ...own, operation: 'retrieval' },
  evaluator: own,
};

export function otelNaming(kind: StepKind): OtelNaming {
  return namings[kind];
}

/** The server and the tool in a step's name such as `mcp.filesystem.write_file`. */
export function mcpNameOf(step: string): { readonly server: string; readonly tool: string } | undefined {
  const parts = /^mcp\.([^.]+)\.(.+)$/.exec(step);
  return parts ? { server: parts[1]!, tool: parts[2]! } : undefined;
}

/** As the conventions write span names: the operation and its target, few different ones in all. */
export function otelSpanName(kind: StepKind, name: string): string {
  const mcp = kind === 'mcp' ? mcpNameOf(name) : undefined;
  if (mcp) return `tools/call ${mcp.tool}`;
  const { operation } = namings[kind];
  return operation === undefined ? `${kind} ${name}` : `${operation} ${name}`;
}
