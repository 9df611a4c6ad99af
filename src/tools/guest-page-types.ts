/** Throwaway browsers as a program sees them, inside the declaration of the module: pages, checks and shapes. */
export const guestPageTypes = `  interface NavigateOptions extends Timeout {
    /** 'load' (default), 'domcontentloaded', or 'idle': at most two requests for half a second. */
    waitUntil?: 'load' | 'domcontentloaded' | 'idle';
  }
  interface OpenOptions extends NavigateOptions {
    /** CSS pixels; 1280 by 800 where absent. */
    viewport?: { width: number; height: number };
    /** 'process': a browser for this run alone. 'context': cookies, storage and grants of its own, in a process that runs share. */
    isolation?: 'process' | 'context';
    /** DevTools address of a browser that runs elsewhere, with the grant \`browser ws://host:port\`. */
    remote?: string;
  }
  interface ActionResult {
    url: string;
    /** The action led to another page, which has been waited for. */
    navigated: boolean;
    /** HTTP status of that page. */
    status: number | null;
    /** For an element that was named by a reference: a selector that holds in other browsers too. */
    selector?: string;
  }
  interface ClickOptions extends Timeout {
    button?: 'left' | 'right' | 'middle';
    count?: number;
    modifiers?: readonly ('Control' | 'Shift' | 'Alt' | 'Meta')[];
  }
  /** What is kept with the run. */
  interface StoredFile {
    blob: string;
    bytes: number;
    mediaType: string;
  }
  type UploadFile = string | { name: string; text: string; mediaType?: string } | { name: string; blob: string; mediaType?: string };
  /** One step of a check of a page; what it needs is waited for. */
  type VerifyCheck = { name?: string; screenshot?: boolean } & (
    | { text: string } | { selector: string; state?: 'visible' | 'hidden' } | { title: string } | { url: string } | { expression: string }
    | { click: string } | { fill: string; value: string | number | boolean } | { press: string } | { goto: string });
  interface VerifyResult {
    passed: boolean;
    url: string;
    steps: { name: string; passed: boolean; ms: number; problem: string | null }[];
    screenshots: (StoredFile & { name: string })[];
    console: { text: string; url: string; line: number }[];
    network: { method: string; url: string; status: number | null; failure: string | null }[];
    accessibility: { rule: string; impact: string; help: string; helpUrl: string; elements: string[]; count: number }[];
  }
  interface VerifyOptions extends Timeout {
    checks?: readonly VerifyCheck[];
    /** From which impact on a violation fails; 'serious' where absent. */
    accessibility?: 'off' | 'minor' | 'moderate' | 'serious' | 'critical';
    allowErrors?: boolean;
    viewport?: { width: number; height: number };
  }
  interface VerifyServerOptions extends VerifyOptions {
    /** Folder of the workspace. */
    cwd?: string;
    /** Where it serves, where it does not print that; needs 'net' for it as any page does. */
    url?: string;
    /** Added to the address that it prints. */
    path?: string;
    /** Milliseconds until it must answer; 60,000 where absent. */
    startMs?: number;
  }
  /**
   * - \`'.price'\`: the text of the first match, null where nothing matches
   * - \`{ selector: 'a', attr: 'href' }\`: an attribute
   * - \`['.tag']\`: the texts of all matches
   * - \`{ name: shape }\`: an object
   * - \`{ $each: '.row', name: shape }\`: one object for each match
   * - \`[{ name: '.name', price: '.price' }]\`: the same, rows inferred from the first field
   */
  type Shape = string | { readonly [key: string]: Shape } | readonly [Shape];
  /** What a shape gives. */
  type Extracted<S> =
    S extends string ? string | null
    : S extends readonly [infer One] ? (One extends string | { readonly selector: string } ? string[] : One extends { readonly $each: string } ? Extracted<One> : Extracted<One>[])
    : S extends { readonly selector: string; readonly attr?: string } ? string | null
    : S extends { readonly $each: string } ? { -readonly [K in Exclude<keyof S, '$each'>]: Extracted<S[K]> }[]
    : { -readonly [K in keyof S]: Extracted<S[K]> };

  /** A page in the throwaway browser of this run. Selectors are CSS, 'text=...' for what is to be read, 'role=button "Send"' as snapshots name it, or 'ref=e12' from a snapshot; 'iframe >>> button' looks inside a frame or shadow root; the first visible match counts. */
  class Page implements AsyncDisposable {
    private constructor();
    /** After the last call that came back. */
    readonly url: string;
    /** Of the last open or goto. */
    readonly title: string;
    /** HTTP status of the document, null where there is none. */
    readonly status: number | null;
    goto(url: string, options?: NavigateOptions): Promise<this>;
    /** The text as a person sees it, of the page or of one element. */
    text(selector?: string): Promise<string>;
    /** The HTML as it is now. */
    html(selector?: string): Promise<string>;
    links(selector?: string): Promise<{ text: string; url: string }[]>;
    /** Reads data along a shape. Name the result yourself with \`extract<Row[]>(...)\`, or let it follow from the shape. */
    extract<T = never, const S extends Shape = Shape>(shape: S): Promise<[T] extends [never] ? Extracted<S> : T>;
    /** Clicks once the element is visible, enabled, at rest and not covered. */
    click(selector: string, options?: ClickOptions): Promise<ActionResult>;
    doubleClick(selector: string, options?: ClickOptions): Promise<ActionResult>;
    hover(selector: string, options?: Timeout): Promise<ActionResult>;
    /** Onto another element, or by some CSS pixels. */
    drag(selector: string, target: string | { dx?: number; dy?: number }, options?: Timeout): Promise<ActionResult>;
    /** An element into view, or the page (or with \`selector\` a part of it) by CSS pixels; with \`until\` on and on, until that can be seen. */
    scroll(target: string | { selector?: string; dx?: number; dy?: number; until?: string }, options?: Timeout): Promise<ActionResult>;
    /** Types at the end of a field, or with \`clear\` in place of what it holds. */
    type(selector: string, text: string, options?: Timeout & { clear?: boolean }): Promise<ActionResult>;
    /** Puts a value into a field of any kind: 'YYYY-MM-DD' for dates, 'HH:MM' for times, '#rrggbb' for colours, numbers for sliders, true or false for boxes. */
    fill(selector: string, value: string | number | boolean, options?: Timeout): Promise<ActionResult>;
    /** Chooses options by value or label. */
    select(selector: string, values: string | readonly string[], options?: Timeout): Promise<ActionResult & { selected: string[] }>;
    /** Presses a key such as 'Enter' or 'Control+A', on an element or on what has the focus. */
    press(key: string, options?: Timeout & { selector?: string }): Promise<ActionResult>;
    /** Into a file field, or dropped on any other element: a file of the workspace (needs 'fs.read PATH'), text, or a blob of this run. */
    upload(selector: string, files: UploadFile | readonly UploadFile[], options?: Timeout): Promise<ActionResult>;
    /** Clicks what leads to a file and keeps the file with the run. */
    download(selector: string, options?: Timeout): Promise<StoredFile & { name: string; url: string }>;
    pdf(options?: { landscape?: boolean; background?: boolean; format?: 'a4' | 'letter' }): Promise<StoredFile>;
    /** The network of the page as an HTTP archive, without bodies and credentials. */
    har(): Promise<StoredFile & { entries: number }>;
    logs(options?: { errorsOnly?: boolean }): Promise<{ console: { level: string; text: string; url: string; line: number }[]; network: { method: string; url: string; type: string; status: number | null; failure: string | null; ms: number | null }[] }>;
    /** What is in a frame is named by 'iframe-selector >>> selector'. */
    frames(): Promise<{ url: string; name: string; depth: number }[]>;
    /** How confirm and prompt are answered from now on; gives the dialogs that were shown. */
    dialogs(answer?: { accept?: boolean; text?: string }): Promise<{ type: string; message: string; accepted: boolean }[]>;
    emulate(options: { device?: string; viewport?: { width: number; height: number; deviceScaleFactor?: number; isMobile?: boolean }; locale?: string; timezone?: string; colorScheme?: 'light' | 'dark'; reducedMotion?: boolean; media?: 'screen' | 'print'; offline?: boolean }): Promise<void>;
    /** Remembers cookies and local storage for this run under a name, or with \`secret\` beyond it as that secret (needs 'secret NAME'); the values are given to nobody. */
    saveState(options?: { secret?: string }): Promise<{ state: string; cookies: number; entries: number; origin: string }>;
    /** What was saved in this run, or '\${secret:NAME}'; false where the page is not on the origin of its local storage. */
    loadState(state: string | { state: string }): Promise<boolean>;
    startTrace(options?: { screenshots?: boolean }): Promise<void>;
    /** To be opened in the Performance panel of a browser. */
    stopTrace(): Promise<StoredFile>;
    /** The next window that this page has opened by itself; waits for one. */
    popup(options?: Timeout): Promise<Page>;
    /** Waits for a selector, for some milliseconds, for text, an address, a function of the page to give true, or the network to be idle. */
    waitFor(condition: string | number | (() => unknown) | { selector: string; state?: 'visible' | 'hidden' } | { text: string } | { url: string } | { expression: string } | { idle: true } | { ms: number }, options?: Timeout): Promise<void>;
    /** Evaluates an expression in the document of the page, such as 'document.title', or calls a function there that needs nothing but its arguments. The value comes back as JSON. */
    evaluate<T = Json>(expression: string): Promise<T>;
    evaluate<T, A extends readonly Json[]>(code: (...args: A) => T, ...args: A): Promise<Awaited<T>>;
    /** A PNG, kept with the run under the name \`blob\`. */
    screenshot(options?: { fullPage?: boolean; selector?: string; annotate?: boolean }): Promise<StoredFile & { width: number; height: number }>;
    /** What is on the page as indented lines, with references for selectors; with \`diff\` what has changed since the last one. */
    snapshot(options?: { selector?: string; maxTokens?: number; interactiveOnly?: boolean; diff?: boolean }): Promise<string>;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
  }

  /** Needs the grants 'browser' and 'net scheme://host' of what is shown. */
  const browser: {
    open(url: string, options?: OpenOptions): Promise<Page>;
    /** Checks a page: your steps, errors of console and network, and accessibility (axe), with a screenshot. */
    verify(url: string, options?: VerifyOptions): Promise<VerifyResult>;
    /** Starts a development server, checks what it serves, and ends it with everything it started. Needs 'exec ...' with its words, for example \`['npm', 'run', 'dev']\`. */
    verifyServer(argv: readonly string[], options?: VerifyServerOptions): Promise<VerifyResult & { server: { command: string; readyMs: number; output: string } }>;
  };`;
