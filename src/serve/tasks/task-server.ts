import type * as library from '@modelcontextprotocol/server';

type Request = library.JSONRPCRequest;

/** A server that may answer a call with a task: the library checks every answer to `tools/call` as a result, and knows no other. */
export function taskServer({ Server }: typeof library) {
  return class extends Server {
    readonly #instead = new WeakMap<library.ServerContext, library.Result>();

    /** What is sent in place of the result of a call. */
    answerWith(context: library.ServerContext, answer: library.Result): library.CallToolResult {
      this.#instead.set(context, answer);
      return { content: [] };
    }

    protected override _wrapHandler(method: string, handler: (request: Request, context: library.ServerContext) => Promise<library.Result>): (request: Request, context: library.ServerContext) => Promise<library.Result> {
      const checked = super._wrapHandler(method, handler);
      if (method !== 'tools/call') return checked;
      return async (request, context) => {
        const result = await checked(request, context);
        return this.#instead.get(context) ?? result;
      };
    }
  };
}

export type TaskServer = InstanceType<ReturnType<typeof taskServer>>;
