import { registerHooks } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from 'sucrase';

/** The program that runs in a Node process of its own: it loads one module, calls one function and tells what came of it. Its parent checked the request. */
interface Request {
  readonly file: string;
  readonly exportName: string;
  readonly args: readonly unknown[];
  /** Source of a module whose default export calls the function in its shape: with `args` in its place. */
  readonly adapter?: string;
}

const isTypeScript = (url: string) => /^file:.*\.m?ts$/.test(url);

// Node of the editor may have been built without its own support for TypeScript; and imports without an ending work here as they do in the sandbox.
registerHooks({
  resolve(specifier, context, next) {
    if (/^\.{1,2}\//.test(specifier) && context.parentURL !== undefined) {
      const base = new URL(specifier, context.parentURL).href;
      const candidates = [base, base.replace(/\.(m?)js$/, '.$1ts'), ...['.ts', '.mts', '.js', '.mjs', '/index.ts', '/index.js'].map((ending) => base + ending)];
      const found = candidates.find((candidate) => /\.\w+$/.test(candidate) && existsSync(fileURLToPath(candidate)));
      if (found !== undefined) return next(found, context);
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    if (!isTypeScript(url)) return next(url, context);
    const path = fileURLToPath(url);
    const { code } = transform(readFileSync(path, 'utf8'), { transforms: ['typescript'], disableESTransforms: true, filePath: path });
    return { format: 'module', source: code, shortCircuit: true };
  },
});

process.once('message', (request: Request) => void answer(request));

async function answer(request: Request): Promise<void> {
  try {
    const value: unknown = await Reflect.apply(await functionOf(request), undefined, request.args);
    end({ ok: true, json: JSON.stringify(value) ?? 'null' });
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at ') && !/node:internal|function-node|chunk-|data:text/.test(line)).map((line) => line.trim()) : [];
    end({ ok: false, message: error instanceof Error ? `${error.name}: ${error.message}` : String(error), stack: stack.slice(0, 20) });
  }
}

async function functionOf({ file, exportName, adapter }: Request): Promise<(...args: readonly unknown[]) => unknown> {
  if (adapter !== undefined) return ((await import(`data:text/javascript,${encodeURIComponent(adapter)}`)) as { readonly default: (call: unknown) => unknown }).default;
  const target = ((await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>)[exportName];
  if (typeof target !== 'function') throw new TypeError(`${exportName} is not a function that the file exports.`);
  return (...args) => Reflect.apply(target, undefined, args);
}

function end(message: object): void {
  process.send?.(message, () => process.disconnect());
}
