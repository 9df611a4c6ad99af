import { createRequire } from 'node:module';
import { Ajv, type AnySchema } from 'ajv';
import * as z from 'zod';

/** Packages of plain data, without types. */
const packaged = createRequire(import.meta.url);

const trace = z.object({ traceEvents: z.array(z.looseObject({ name: z.string(), cat: z.string(), ph: z.string(), pid: z.number(), tid: z.number(), ts: z.number() })).min(1) });

/** The text of each page of a PDF, as a reader of PDFs finds it. Throws where it is none. */
export async function pdfPages(bytes: Uint8Array): Promise<readonly string[]> {
  const { extractText } = await import('unpdf');
  const { text } = await extractText(Uint8Array.from(bytes));
  return text;
}

/** What a trace holds, in the format that the Performance panel reads. Throws where it is something else. */
export const traceEvents = (bytes: Uint8Array) => trace.parse(JSON.parse(new TextDecoder().decode(bytes))).traceEvents;

/** What does not hold of an HTTP archive by the schema of the format, and by what its text says beyond the schema. */
export async function archiveProblems(archive: unknown): Promise<readonly string[]> {
  const all: Readonly<Record<string, AnySchema>> = packaged('har-schema');
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addMetaSchema(packaged('ajv/dist/refs/json-schema-draft-06.json'));
  for (const schema of Object.values(all)) ajv.addSchema(schema);
  const valid = ajv.getSchema('har.json#')!;
  if (!await valid(archive)) return (valid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  const { log: { entries } } = z.object({ log: z.object({ entries: z.array(z.object({ time: z.number(), request: z.object({ url: z.string() }), timings: z.record(z.string(), z.number()) })) }) }).parse(archive);
  return entries.flatMap(({ time, request, timings }) => {
    const { send = -1, wait = -1, receive = -1 } = timings;
    return [...(Math.min(send, wait, receive) < 0 ? [`${request.url}: a time below zero`] : []), ...(send + wait + receive === time ? [] : [`${request.url}: ${time} is not the sum of its parts`])];
  });
}
