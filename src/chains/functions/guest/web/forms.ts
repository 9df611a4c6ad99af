import { blobSource } from './blob.ts';
import { formDataSource } from './form-data.ts';
import { streamsSource } from './streams.ts';

const source = `'use strict';
(function ({ encoder, decoder, bytesOfView, joinBytes }) {
${blobSource}
${streamsSource}
${formDataSource}
return { Blob, File, FormData, ReadableStream, bytesOfBlob, bytesOfStream, isDisturbed, encodeForm, decodeForm };
})`;

/** Blobs, forms and streams, which are compiled when something asks for one of them: most functions never do, and each call would pay for them. */
export const formsSource = String.raw`
const compile = eval;
let forms;
const needForms = () => forms ??= compile(${JSON.stringify(source)})({ encoder, decoder, bytesOfView, joinBytes });
for (const name of ['Blob', 'File', 'FormData', 'ReadableStream']) {
  defineProperty(globalThis, name, {
    __proto__: null, enumerable: false, configurable: true,
    get() { return offer(name, needForms()[name])[name]; },
    set(value) { offer(name, value); },
  });
}
`;
