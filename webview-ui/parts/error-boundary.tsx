import * as l10n from '@vscode/l10n';
import { Component, type ComponentChildren } from 'preact';
import { oneLine } from '../text.ts';

/** What failed while the page was drawn is told in the page, with a way out: a grey area would leave the person with nothing. */
export class ErrorBoundary extends Component<{ readonly children: ComponentChildren }, { readonly failure: string | undefined }> {
  override state: { readonly failure: string | undefined } = { failure: undefined };

  static override getDerivedStateFromError(error: unknown): { readonly failure: string } {
    return { failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }

  override componentDidCatch(error: unknown): void {
    console.warn(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  override render() {
    const { failure } = this.state;
    if (failure === undefined) return this.props.children;
    return (
      <div class="message" role="alert">
        <h1>{l10n.t('The panel could not be drawn')}</h1>
        <p>{oneLine(failure, 500)}</p>
        <p class="hint">{l10n.t('Runs go on and nothing is lost: the panel only shows what is on record.')}</p>
        <p class="message-actions">
          <button type="button" class="button primary" onClick={() => location.reload()}>{l10n.t('Reload the panel')}</button>
          <button type="button" class="button" onClick={() => this.setState({ failure: undefined })}>{l10n.t('Try again')}</button>
        </p>
      </div>
    );
  }
}
