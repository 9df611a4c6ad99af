import { basename } from 'node:path';
import type { RunSummary } from '../../shared/dto.ts';
import { callKinds, type EventOf, type JournalEvent, type Mark, type StepKind } from '../../shared/events.ts';
import type { ModelRecord, RunRecord, ToolRecord } from '../../shared/usage-report.ts';
import { definitionTokens } from '../../shared/spared-definitions.ts';
import { meteredUse } from '../metered-use.ts';
import { sparedTokens } from '../spared-tokens.ts';
import { toNano } from './nano-usd.ts';

interface ModelDraft {
  requests: number;
  errors: number;
  readonly ms: number[];
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  /** Of each request, so that one without a price is seen. */
  readonly metered: Set<string>;
  readonly priced: Set<string>;
  readonly costs: Map<Mark, number>;
}

/** Steps that call something; a run, a chain or a turn only holds others. */
const toolKinds: ReadonlySet<StepKind> = new Set([...callKinds, 'sandbox']);

type CallStep = Pick<EventOf<'step.started'>, 'kind' | 'name'>;

/** What a report needs to know of a run that has ended or goes on. Reads each event once. */
export function recordOfRun(summary: RunSummary, events: readonly JournalEvent[], machine: string): RunRecord {
  const steps = new Map<string, CallStep>();
  const models = new Map<string, ModelDraft>();
  const tools = new Map<string, { errors: number; readonly ms: number[] }>();
  const addEnd = ({ kind, name }: CallStep, ms: number, failed: boolean) => {
    const draft = kind === 'model' ? draftOf(models, name) : toolKinds.has(kind) ? (tools.get(name) ?? { errors: 0, ms: [] }) : undefined;
    if (draft === undefined) return;
    if (kind !== 'model') tools.set(name, draft);
    draft.ms.push(ms);
    if (failed) draft.errors += 1;
  };
  let asks = 0;
  let egressBytes = 0;
  let replay: RunRecord['replay'];
  for (const event of events) {
    if (event.type === 'step.started') {
      steps.set(event.step, event);
      if (event.kind === 'model') draftOf(models, event.name).requests += 1;
    } else if (event.type === 'step.ended') {
      const step = steps.get(event.step);
      if (step) addEnd(step, event.ms, event.status !== 'ok');
    } else if (event.type === 'span.received') {
      // Done by another program: its beginning and its end come as one.
      const step = { kind: event.kind, name: event.kind === 'model' ? (event.model ?? event.name) : event.name };
      steps.set(event.span, step);
      if (step.kind === 'model') draftOf(models, step.name).requests += 1;
      addEnd(step, event.ms, event.status === 'error');
    } else if (event.type === 'run.replays') {
      replay = { tokens: event.tokens, ...(event.costUsd === undefined ? {} : { nanoUsd: toNano(event.costUsd) }) };
    } else if (event.type === 'meter') {
      if (event.meter === 'asks') asks += event.value;
      else if (event.meter === 'egress.bytes_in' || event.meter === 'egress.bytes_out') egressBytes += event.value;
      else if (event.meter.startsWith('model.')) addModel(draftOf(models, modelOf(event, steps)), event);
    }
  }
  const { browsers, sandboxes } = meteredUse(events);
  const { id, kind, title, source, state, createdAt, durationMs, error } = summary;
  return {
    run: id, machine, workspace: basename(summary.workspace), kind, title, source, state, createdAt, asks, egressBytes, browsers, sandboxes,
    models: [...models].map(([model, draft]): ModelRecord => ({
      model, requests: draft.requests, errors: draft.errors, ms: draft.ms, inputTokens: draft.inputTokens, cachedTokens: draft.cachedTokens, outputTokens: draft.outputTokens,
      costs: [...draft.costs].map(([mark, usd]) => ({ mark, nanoUsd: toNano(usd) })),
      unpriced: [...draft.metered].filter((step) => !draft.priced.has(step)).length,
    })),
    tools: [...tools].map(([tool, draft]): ToolRecord => ({ tool, ...draft })),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(error === undefined ? {} : { errorCode: error.code }),
    ...sparedOf(events),
    ...(replay === undefined || state !== 'done' ? {} : { replay }),
  };
}

function sparedOf(events: readonly JournalEvent[]): Pick<RunRecord, 'spared'> {
  const spared = sparedTokens(events);
  if (spared === undefined) return {};
  return { spared: { resultTokens: spared.tokens, ...(spared.unrecorded > 0 ? {} : { definitionTokens: definitionTokens(spared.definitions) }) } };
}

function draftOf(models: Map<string, ModelDraft>, model: string): ModelDraft {
  const draft = models.get(model) ?? { requests: 0, errors: 0, ms: [], inputTokens: 0, cachedTokens: 0, outputTokens: 0, metered: new Set(), priced: new Set(), costs: new Map() };
  models.set(model, draft);
  return draft;
}

function modelOf({ step }: EventOf<'meter'>, steps: ReadonlyMap<string, CallStep>): string {
  const started = step === undefined ? undefined : steps.get(step);
  return started?.kind === 'model' ? started.name : 'unknown';
}

function addModel(draft: ModelDraft, { meter, value, mark, step = '' }: EventOf<'meter'>): void {
  switch (meter) {
    case 'model.input_tokens':
      draft.inputTokens += value;
      draft.metered.add(step);
      break;
    case 'model.cached_input_tokens':
      draft.cachedTokens += value;
      break;
    case 'model.output_tokens':
      draft.outputTokens += value;
      break;
    case 'model.cost_usd':
      // No figure: the request stays one without a price.
      if (mark === 'unknown') break;
      draft.costs.set(mark, (draft.costs.get(mark) ?? 0) + value);
      draft.priced.add(step);
      break;
    default:
      break;
  }
}
