import { webModuleName, webModuleSource } from './web.ts';

/** How a function wants to be called. `auto` is decided in the sandbox, where it can be seen what the module really exports. */
export const functionShapes = ['auto', 'plain', 'lambda', 'fetch'] as const;
export type FunctionShape = (typeof functionShapes)[number];

const adapterName = 'assassin:function';

/** The module that calls a function in its shape, and those that it needs. `module` is the program's module, `exportName` the export in it. */
export function functionEntry(module: string, exportName: string, shape: FunctionShape): { readonly name: string; readonly modules: readonly (readonly [string, string])[] } {
  const web = shape === 'fetch' || shape === 'auto';
  // The web classes come first: a module may make a Response while it loads.
  const source = `${web ? `import ${JSON.stringify(webModuleName)};\n` : ''}import * as program from ${JSON.stringify(`./${module}`)};\nimport { __finish } from 'assassin';\nconst name = ${JSON.stringify(exportName)};\n${adapterSource}`;
  return { name: adapterName, modules: [...(web ? [[webModuleName, webModuleSource] as const] : []), [adapterName, source]] };
}

/** The same as one module for Node, where the web classes are there already. `url` of the program's module. */
export function nodeAdapter(url: string, exportName: string): string {
  return `import * as program from ${JSON.stringify(url)};\nconst name = ${JSON.stringify(exportName)};\nconst __finish = () => undefined;\n${adapterSource}`;
}

/**
 * Takes `{ shape, request }` of HTTP, or `{ shape, event }` of a direct call, and gives `{ status, headers, text | base64 }` or `{ value }`.
 * Bodies travel as text where they are text.
 */
const adapterSource = String.raw`
const target = program[name];

export default async function (call) {
  const shape = call.shape !== 'auto' ? call.shape : typeof target === 'object' && target !== null && typeof target.fetch === 'function' ? 'fetch' : 'plain';
  const answer = await (shape === 'fetch' ? fetched(call) : shape === 'lambda' ? handled(call) : called(call));
  await __finish();
  return answer;
}

function need(what, kind) {
  if (typeof what !== 'function') throw new TypeError(name + ' is not ' + kind + ', it is ' + (what === null ? 'null' : typeof what) + '.');
}

function bytesOf({ text, base64 }) {
  if (base64 === undefined) return text;
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function bodyOf(bytes) {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    let binary = '';
    for (let i = 0; i < bytes.length; i += 4096) binary += String.fromCharCode(...bytes.subarray(i, i + 4096));
    return { base64: btoa(binary) };
  }
}

const json = (status, value) => ({ status, headers: [['content-type', 'application/json']], text: JSON.stringify(value === undefined ? null : value) });

async function called(call) {
  const { request } = call;
  need(target, 'a function');
  if (request === undefined) {
    const value = await ('event' in call ? target(call.event) : target());
    return { value: value === undefined ? null : value };
  }
  let input;
  if (request.text === undefined || request.text === '') input = Object.fromEntries(new URL(request.url).searchParams);
  else {
    try {
      input = JSON.parse(request.text);
    } catch (error) {
      return json(400, { error: { code: 'invalid-input', message: 'The body is not JSON: ' + error.message } });
    }
  }
  return json(200, await target(input));
}

async function fetched({ request, event, id }) {
  const fetch = name !== 'fetch' && typeof target === 'object' && target !== null ? target.fetch : target;
  need(fetch, 'a function that takes a Request, or an object with such a function as "fetch"');
  const { method = 'GET', url = 'http://localhost/', headers = {}, ...rest } = request ?? event ?? {};
  const body = request === undefined ? (typeof rest.body === 'string' || rest.body === undefined ? rest.body : JSON.stringify(rest.body)) : bytesOf(rest);
  const bodiless = method === 'GET' || method === 'HEAD' || body === undefined || body.length === 0;
  const waits = [];
  const context = { waitUntil: (promise) => void waits.push(promise), passThroughOnException() {}, props: {} };
  const response = await fetch.call(target, new Request(url, { method, headers, body: bodiless ? undefined : body }), {}, context);
  if (typeof response?.status !== 'number' || typeof response.bytes !== 'function') throw new TypeError(name + ' gave no Response.');
  const answer = { status: response.status, headers: [...response.headers], ...bodyOf(await response.bytes()) };
  await Promise.all(waits);
  return request === undefined ? { value: { status: answer.status, headers: Object.fromEntries(new Headers(answer.headers)), body: answer.text ?? answer.base64 } } : answer;
}

async function handled({ request, event, id, remainingMs, memoryMb }) {
  need(target, 'a function');
  const direct = request === undefined || request.invocation;
  const value = await invoke(direct ? (request === undefined ? event : parsed(request.text)) : urlEvent(request, id), id, remainingMs, memoryMb);
  if (request === undefined) return { value: value === undefined ? null : value };
  if (direct || typeof value !== 'object' || value === null || typeof value.statusCode !== 'number') return json(200, value);
  const headers = Object.entries(value.headers ?? {}).map(([key, each]) => [key, '' + each]);
  for (const [key, list] of Object.entries(value.multiValueHeaders ?? {})) for (const each of list) headers.push([key, '' + each]);
  for (const cookie of value.cookies ?? []) headers.push(['set-cookie', '' + cookie]);
  if (!headers.some(([key]) => key.toLowerCase() === 'content-type')) headers.push(['content-type', 'application/json']);
  const body = value.body === undefined || value.body === null ? '' : typeof value.body === 'string' ? value.body : JSON.stringify(value.body);
  return { status: value.statusCode, headers, ...(value.isBase64Encoded ? { base64: body } : { text: body }) };
}

function parsed(text) {
  return text === undefined || text === '' ? {} : JSON.parse(text);
}

function invoke(event, id, remainingMs, memoryMb) {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const context = {
      functionName: name, functionVersion: '$LATEST', invokedFunctionArn: 'arn:aws:lambda:local:000000000000:function:' + name, memoryLimitInMB: '' + memoryMb, awsRequestId: id,
      logGroupName: '/assassin/' + name, logStreamName: id, callbackWaitsForEmptyEventLoop: true,
      // Without the grant "clock" no time passes here.
      getRemainingTimeInMillis: () => Math.max(0, Math.round(remainingMs - (performance.now() - began))),
      done: (error, value) => (error ? reject(error) : resolve(value)), fail: reject, succeed: resolve,
    };
    const result = target(event, context, (error, value) => (error ? reject(error) : resolve(value)));
    if (typeof result?.then === 'function' || target.length < 3) resolve(result);
  });
}

/** What a function URL of AWS Lambda sends, format 2.0. */
function urlEvent(request, id) {
  const url = new URL(request.url);
  const headers = {};
  for (const [key, value] of request.headers) headers[key.toLowerCase()] = key.toLowerCase() in headers ? headers[key.toLowerCase()] + ',' + value : value;
  const query = {};
  for (const [key, value] of url.searchParams) query[key] = key in query ? query[key] + ',' + value : value;
  return {
    version: '2.0', routeKey: '$default', rawPath: url.pathname, rawQueryString: url.search.slice(1), headers,
    ...(headers.cookie === undefined ? {} : { cookies: headers.cookie.split('; ') }),
    ...(url.search === '' ? {} : { queryStringParameters: query }),
    requestContext: { accountId: 'anonymous', apiId: name, domainName: url.host, domainPrefix: name, requestId: id, routeKey: '$default', stage: '$default', timeEpoch: Date.now(), http: { method: request.method, path: url.pathname, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: headers['user-agent'] ?? '' } },
    ...(request.base64 === undefined ? (request.text === undefined || request.text === '' ? {} : { body: request.text }) : { body: request.base64 }),
    isBase64Encoded: request.base64 !== undefined,
  };
}
`;
