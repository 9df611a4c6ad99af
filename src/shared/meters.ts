import type { MeterName } from './events.ts';

const units: Readonly<Record<MeterName, string>> = {
  'run.wall_ms': 'ms', 'sandbox.wall_ms': 'ms', 'sandbox.cpu_ms': 'ms', 'sandbox.memory_bytes': 'bytes', 'sandbox.host_calls': 'calls',
  'browser.wall_ms': 'ms', 'browser.cpu_ms': 'ms', 'browser.memory_bytes': 'bytes', 'browser.pages': 'pages', 'browser.requests': 'requests',
  'browser.blocked_requests': 'requests', 'egress.bytes_in': 'bytes', 'egress.bytes_out': 'bytes', 'mcp.calls': 'calls', 'mcp.wall_ms': 'ms',
  'mcp.cpu_ms': 'ms', 'mcp.memory_bytes': 'bytes', 'sandbox.gb_seconds': 'GB-s', 'browser.gb_seconds': 'GB-s', 'mcp.gb_seconds': 'GB-s', 'http.requests': 'requests', 'model.input_tokens': 'tokens', 'model.cached_input_tokens': 'tokens', 'model.cache_write_tokens': 'tokens',
  'model.output_tokens': 'tokens', 'model.reasoning_tokens': 'tokens',
  'model.cost_usd': 'USD', asks: 'questions',
};

export function unitOf(meter: MeterName): string {
  return units[meter];
}

/** A peak: several of them do not add up, because they were not held at the same time; the largest counts. */
export function isPeakMeter(meter: MeterName): boolean {
  return meter.endsWith('.memory_bytes');
}

/** With enough digits to see the memory of a sandbox that lived for a millisecond, never in exponent form. */
export function formatGbSeconds(value: number): string {
  const decimals = value >= 1 || value <= 0 ? 2 : Math.min(15, 2 - Math.floor(Math.log10(value)));
  return `${value.toFixed(decimals).replace(/\.?0+$/, '')} GB-s`;
}
