import * as l10n from '@vscode/l10n';
import type { Span } from '../../src/shared/dto.ts';
import type { LeaseKind, Mark, MeterName, StepKind } from '../../src/shared/events.ts';
import type { LogKind } from '../../src/shared/protocol.ts';
import type { RunState } from '../../src/shared/run-state.ts';
import type { IconName } from './icon.tsx';

/** How a state looks: the word and the icon say it, the tone only repeats it. */
export interface Look {
  readonly label: string;
  readonly icon: IconName;
  readonly tone: 'good' | 'bad' | 'busy' | 'wait' | 'quiet';
}

export function stateLook(state: RunState): Look {
  switch (state) {
    case 'queued':
      return { label: l10n.t('Queued'), icon: 'clock', tone: 'quiet' };
    case 'running':
      return { label: l10n.t('Running'), icon: 'spinner', tone: 'busy' };
    case 'waiting':
      return { label: l10n.t('Waiting for you'), icon: 'pause', tone: 'wait' };
    case 'done':
      return { label: l10n.t('Done'), icon: 'check', tone: 'good' };
    case 'failed':
      return { label: l10n.t('Failed'), icon: 'cross', tone: 'bad' };
    case 'cancelled':
      return { label: l10n.t('Cancelled'), icon: 'ban', tone: 'quiet' };
    case 'interrupted':
      return { label: l10n.t('Interrupted'), icon: 'bolt', tone: 'wait' };
  }
}

export function statusLook(status: Span['status']): Look {
  switch (status) {
    case 'ok':
      return { label: l10n.t('Done'), icon: 'check', tone: 'good' };
    case 'error':
      return { label: l10n.t('Failed'), icon: 'cross', tone: 'bad' };
    case 'denied':
      return { label: l10n.t('Denied'), icon: 'ban', tone: 'bad' };
    case 'cancelled':
      return { label: l10n.t('Cancelled'), icon: 'ban', tone: 'quiet' };
    case 'running':
      return { label: l10n.t('Running'), icon: 'spinner', tone: 'busy' };
    case 'unknown':
      return { label: l10n.t('End not recorded'), icon: 'question', tone: 'wait' };
  }
}

export function stepKindLabel(kind: StepKind): string {
  switch (kind) {
    case 'run': return l10n.t('Run');
    case 'chain': return l10n.t('Chain');
    case 'sandbox': return l10n.t('Sandbox');
    case 'tool': return l10n.t('Tool');
    case 'browser': return l10n.t('Browser');
    case 'mcp': return l10n.t('MCP server');
    case 'http': return l10n.t('HTTP request');
    case 'workspace': return l10n.t('Workspace');
    case 'edit': return l10n.t('Edit');
    case 'model': return l10n.t('Model');
    case 'approval': return l10n.t('Approval');
    case 'agent': return l10n.t('Agent');
    case 'lease': return l10n.t('Lease');
    case 'retriever': return l10n.t('Retriever');
    case 'evaluator': return l10n.t('Evaluator');
  }
}

export function leaseKindLabel(kind: LeaseKind): string {
  switch (kind) {
    case 'sandbox': return l10n.t('Sandbox');
    case 'browser': return l10n.t('Browser');
    case 'browser-context': return l10n.t('Browser profile');
    case 'proxy': return l10n.t('Egress proxy');
    case 'mcp': return l10n.t('MCP server');
    case 'process': return l10n.t('Process');
    case 'temp-dir': return l10n.t('Temporary folder');
    case 'server': return l10n.t('Server');
  }
}

export function logKindLabel(kind: LogKind): string {
  switch (kind) {
    case 'debug': return l10n.t('Debug');
    case 'info': return l10n.t('Info');
    case 'warn': return l10n.t('Warning');
    case 'error': return l10n.t('Error');
    case 'progress': return l10n.t('Progress');
    case 'denied': return l10n.t('Denied');
    case 'question': return l10n.t('Question');
    case 'answer': return l10n.t('Answer');
    case 'stop': return l10n.t('Stop');
  }
}

/** What a mark means, for the tooltip; the marks themselves are the product's words. */
export function markMeaning(mark: Mark): string {
  switch (mark) {
    case 'measured': return l10n.t('Measured during this run.');
    case 'billed': return l10n.t('Reported by the service that bills it.');
    case 'computed': return l10n.t('Measured use times a published price.');
    case 'estimated': return l10n.t('Estimated: a part of it could not be measured, or the price is not confirmed.');
    case 'unknown': return l10n.t('Not known.');
  }
}

export function meterLabel(meter: string): string {
  return isMeter(meter) ? meterLabels()[meter] : meter;
}

function isMeter(meter: string): meter is MeterName {
  return Object.hasOwn(meterLabels(), meter);
}

const meterLabels = (): Readonly<Record<MeterName, string>> => ({
  'run.wall_ms': l10n.t('Run, time'),
  'sandbox.wall_ms': l10n.t('Sandbox, time'),
  'sandbox.cpu_ms': l10n.t('Sandbox, CPU time'),
  'sandbox.memory_bytes': l10n.t('Sandbox, most memory'),
  'sandbox.host_calls': l10n.t('Sandbox, tool calls'),
  'browser.wall_ms': l10n.t('Browser, time'),
  'browser.cpu_ms': l10n.t('Browser, CPU time'),
  'browser.memory_bytes': l10n.t('Browser, most memory'),
  'browser.pages': l10n.t('Browser, pages'),
  'browser.requests': l10n.t('Browser, requests'),
  'browser.blocked_requests': l10n.t('Browser, requests blocked'),
  'egress.bytes_in': l10n.t('Network, received'),
  'egress.bytes_out': l10n.t('Network, sent'),
  'mcp.calls': l10n.t('MCP servers, calls'),
  'mcp.wall_ms': l10n.t('MCP servers, time'),
  'mcp.cpu_ms': l10n.t('MCP servers, CPU time'),
  'mcp.memory_bytes': l10n.t('MCP servers, most memory'),
  'sandbox.gb_seconds': l10n.t('Sandboxes, memory over time'),
  'browser.gb_seconds': l10n.t('Browsers, memory over time'),
  'mcp.gb_seconds': l10n.t('MCP servers, memory over time'),
  'http.requests': l10n.t('HTTP requests'),
  'model.input_tokens': l10n.t('Model, tokens read'),
  'model.cached_input_tokens': l10n.t('of these, read from the provider\'s cache'),
  'model.cache_write_tokens': l10n.t('of these, written to the provider\'s cache'),
  'model.output_tokens': l10n.t('Model, tokens written'),
  'model.reasoning_tokens': l10n.t('of these, for reasoning'),
  'model.cost_usd': l10n.t('Model, cost'),
  asks: l10n.t('Questions to you'),
});
