import * as z from 'zod';
import type { RunScope } from '../run/run-scope.ts';
import type { SandboxHost } from '../sandbox/sandbox.ts';
import type { ToolRegistry } from '../tools/registry.ts';
import type { Json } from '../shared/json.ts';
import { parseInput } from '../tools/tool.ts';
import { BigValues } from './big-values.ts';
import { CallSignals } from './call-signals.ts';

/** A line that a person may still read as one. */
const maxMessage = 8 * 1024;

const line = z.object({ level: z.enum(['debug', 'info', 'warn', 'error']), message: z.string() });
const report = z.object({ message: z.string(), fraction: z.number().nullish() });

const unsignalled = { big: true } as const;

export interface ProgramHost extends SandboxHost {
  /** A result of the program with its large values in place of their handles. */
  readonly whole: (result: Json) => Json;
}

/** What a program reaches from inside its sandbox: the run's log and progress, and tools, each call as a step below `step`. `heard` hears of every line too. */
export function programHost(scope: RunScope, tools: Pick<ToolRegistry, 'call'>, step: string, heard?: (level: string, message: string) => void): ProgramHost {
  const log = (level: z.infer<typeof line>['level'], message: string) => {
    scope.log(level, message.slice(0, maxMessage));
    heard?.(level, message);
  };
  const values = new BigValues();
  const signals = new CallSignals();
  return {
    console: log,
    whole: (result) => values.takeIn(result),
    call: async (name, args) => {
      switch (name) {
        case 'log': {
          const { level, message } = parseInput(name, line, args);
          log(level, message);
          return null;
        }
        case 'progress': {
          const { message, fraction } = parseInput(name, report, args);
          scope.progress(message.slice(0, maxMessage), typeof fraction === 'number' ? Math.min(1, Math.max(0, fraction)) : undefined);
          return null;
        }
        case 'value.read':
          return values.read(args);
        case 'value.write':
          return values.write(args);
        case 'call.abort':
          return signals.abort(args);
        default: {
          using call = signals.take(args);
          return values.handOut(name, await tools.call(name, values.takeIn(call?.input ?? args), scope, step, call === undefined ? unsignalled : { signal: call.signal, big: true }));
        }
      }
    },
  };
}
