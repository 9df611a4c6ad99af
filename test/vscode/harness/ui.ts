import { Spec } from './spec.ts';
import type { Workbench } from './workbench.ts';

/** What every UI test is given. The workbench is opened anew, on a fresh copy of the workspace, for each test file. */
export interface UiContext {
  readonly workbench: Workbench;
}

export const ui = new Spec<UiContext>();
export const { describe, it, before, after } = ui;
