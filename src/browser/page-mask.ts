/** Runs in the page, on a field that is about to hold a secret: pictures and PDFs of the page show dots, as in a password field. */
export function maskField(this: Element): void {
  if (this instanceof HTMLElement) this.style.setProperty('-webkit-text-security', 'disc', 'important');
}
