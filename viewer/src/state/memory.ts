/** What the browser remembers between visits; where it may not, nothing is remembered. */
const PREFIX = "retrograd.";

export function known(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null; // a sandboxed frame, or storage switched off
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // the tour will be offered again, and that is all
  }
}
