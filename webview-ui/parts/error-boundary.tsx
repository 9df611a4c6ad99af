import * as l10n from '@vscode/l10n';
import { Component, type ComponentChildren } from 'preact';
import { SessionContext } from '../state/use-session.ts';
import { oneLine } from '../text.ts';

interface Props {
  readonly children: ComponentChildren;
  /** A part of the page: its message is small, and the rest goes on beside it. */
  readonly part?: boolean;
  /** What stands in for the part bears its id: others on the page refer to it. */
  readonly id?: string;
}

/** What failed while the page was drawn is told in the page, with a way out: a grey area would leave the person with nothing. */
export class ErrorBoundary extends Component<Props, { readonly failure: string | undefined }> {
  override state: { readonly failure: string | undefined } = { failure: undefined };

  static override getDerivedStateFromError(error: unknown): { readonly failure: string } {
    return { failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }

  override componentDidCatch(error: unknown): void {
    console.warn(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  override render() {
    const { failure } = this.state;
    const { part = false, id, children } = this.props;
    if (failure === undefined) return children;
    const Heading = part ? 'h2' : 'h1';
    return (
      <div class={part ? 'message message-part' : 'message'} role="alert" {...(id === undefined ? {} : { id })}>
        <Heading>{part ? l10n.t('This part could not be drawn') : l10n.t('The panel could not be drawn')}</Heading>
        <p>{oneLine(failure, 500)}</p>
        <p class="hint">{l10n.t('Runs go on and nothing is lost: the panel only shows what is on record.')}</p>
        <p class="message-actions">
          <button type="button" class="button primary" onClick={() => this.setState({ failure: undefined })}>{l10n.t('Try again')}</button>
          <SessionContext.Consumer>
            {(session) => <button type="button" class="button" onClick={() => void session?.client.request('panel.reload', {}).catch(() => undefined)}>{l10n.t('Reload the panel')}</button>}
          </SessionContext.Consumer>
        </p>
      </div>
    );
  }
}
