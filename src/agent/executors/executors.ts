import { basic } from './basic.ts';
import { codeAct } from './code-act.ts';
import type { Executor, ExecutorName } from './executor.ts';
import { react } from './react.ts';

export const executors: Readonly<Record<ExecutorName, Executor>> = { basic, 'code-act': codeAct, react };
