/** An ExportTraceServiceResponse: empty where all was taken, else with the number of spans that were not. */
export function partialSuccess(rejected: number, json: boolean): Buffer {
  const message = 'Spans without ids or times were left out.';
  if (json) return Buffer.from(JSON.stringify(rejected === 0 ? {} : { partialSuccess: { rejectedSpans: String(rejected), errorMessage: message } }));
  if (rejected === 0) return Buffer.alloc(0);
  const text = Buffer.from(message);
  // Fields 1 (a varint) and 2 (a text) of the message in field 1, by the protocol files of OpenTelemetry.
  const inner = Buffer.concat([Buffer.from([0x08, ...varint(rejected), 0x12, ...varint(text.length)]), text]);
  return Buffer.concat([Buffer.from([0x0a, ...varint(inner.length)]), inner]);
}

function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}
