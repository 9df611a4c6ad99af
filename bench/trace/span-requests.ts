import { encodeSpans } from '../../src/telemetry/otlp/encode-spans.ts';
import type { OtelSpan } from '../../src/telemetry/otlp/otel-span.ts';

/** As the batch processors of the SDKs send them by default. */
export const spansEach = 512;
const spansOfTrace = 16;

/** Requests by the official serializer: traces of an agent with a question to a model, tool calls and their texts, some 1 kB a span. `salt` makes ids of their own. */
export function requestBodies(count: number, salt: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, request) => encodeSpans([{ resource: { 'service.name': 'shop-assistant', 'deployment.environment': 'bench' }, spans: spansOf(request, salt) }], 'protobuf', '1.0.0'));
}

function spansOf(request: number, salt: number): readonly OtelSpan[] {
  return Array.from({ length: spansEach }, (_, i): OtelSpan => {
    const trace = Math.floor(i / spansOfTrace);
    const within = i % spansOfTrace;
    const startedAt = 1_790_000_000_000 + request * 1000 + i;
    const common = { traceId: hex([salt + 2, request, trace], 32), spanId: hex([salt + 2, request, i + 1], 16), startedAt, endedAt: startedAt + 12.5, events: [], status: { code: 1 } };
    if (within === 0) return { ...common, name: `answer question ${request}-${trace}`, kind: 2, attributes: { 'session.id': `talk-${trace % 7}`, 'http.route': '/ask' } };
    const parentSpanId = hex([salt + 2, request, i - within + 1], 16);
    if (within % 4 === 1) {
      return {
        ...common, parentSpanId, name: 'chat gpt-5-mini', kind: 3,
        attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-5-mini', 'gen_ai.usage.input_tokens': 900 + i, 'gen_ai.usage.output_tokens': 80, 'gen_ai.input.messages': `[{"role":"user","content":"${words(i, 60)}"}]`, 'gen_ai.output.messages': `[{"role":"assistant","content":"${words(i + 7, 30)}"}]` },
      };
    }
    return { ...common, parentSpanId, name: `execute_tool search_${within}`, kind: 1, attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': `search_${within}`, 'gen_ai.tool.call.arguments': `{"query":"${words(i, 8)}"}`, 'gen_ai.tool.call.result': words(i + 3, 70), 'db.system': 'sqlite' } };
  });
}

const vocabulary = ['order', 'invoice', 'refund', 'parcel', 'delayed', 'customer', 'address', 'discount', 'stock', 'warehouse', 'return', 'label', 'carrier', 'price', 'tax', 'gift', 'voucher', 'basket', 'shelf', 'supplier'] as const;

function words(from: number, count: number): string {
  return Array.from({ length: count }, (_, i) => (i % 9 === 8 ? `n${(from * 31 + i * 17) % 5000}` : vocabulary[(from * 7 + i * 3) % vocabulary.length]!)).join(' ');
}

function hex(parts: readonly number[], length: number): string {
  return parts.map((part) => part.toString(16).padStart(4, '0')).join('').padStart(length, '1');
}
