import './without-eval.ts';
import './styles/base.css';
import './styles/header.css';
import './styles/parts.css';
import './styles/tables.css';
import './styles/values.css';
import './styles/trace.css';
import './styles/trace-views.css';
import './styles/bill.css';
import './styles/markdown.css';
import './styles/chat.css';
import './styles/asks.css';
import './styles/composer.css';
import './styles/home.css';
import './styles/verify.css';
import './styles/figures.css';
import { render } from 'preact';
import { RpcClient } from '../src/shared/rpc.ts';
import { App } from './app.tsx';
import { editorWire } from './state/editor-wire.ts';
import { KeptState } from './state/kept.ts';
import { Session } from './state/session.ts';
import { SessionContext } from './state/use-session.ts';

const api = acquireVsCodeApi();
const kept = new KeptState(api);
const client = new RpcClient({ wire: editorWire(api), log: (message) => console.warn(message) });
const session = new Session(client, kept);

const page = document.getElementById('app');
// The texts come with the first answer: a page that is drawn before would change its language under the reader.
if (page) void session.start().then(() => render(<SessionContext.Provider value={session}><App /></SessionContext.Provider>, page));
