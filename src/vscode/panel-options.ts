import { EditorFigures } from './editor-figures.ts';
import type { PageOptions } from './panel-page.ts';
import { EditorViews } from './editor-views.ts';
import { EditorTasks } from './panel-tasks.ts';
import type { Services } from './services.ts';

/** What the pages of the panel work with; loaded with the first of them. */
export function panelOptions(services: Services): PageOptions {
  const { context, history, workspace, log, live, holder } = services;
  const figures = new EditorFigures(services);
  context.subscriptions.push({ dispose: () => figures[Symbol.dispose]() });
  return {
    tasks: new EditorTasks(services), figures, views: new EditorViews(services), context, history, workspace, log,
    actions: {
      isLive: (run) => live.has(run),
      cancel: (run, reason) => holder.cancel(run, reason),
      again: async (run) => (await import('./commands/run-again.ts')).runAgain(services, run, 'nowhere'),
      exportRun: async (run) => (await import('./commands/export-run.ts')).exportRun(services, run),
    },
  };
}
