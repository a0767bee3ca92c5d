/** Copy a text that the page shows; false: the browser did not let us, and it is marked for the person's own keys. */
export async function copyText(shown: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(shown.textContent ?? "");
    return true;
  } catch {
    // No clipboard without a secure page, or not allowed: the old way copies what is marked.
    mark(shown);
    return document.execCommand("copy");
  }
}

function mark(shown: HTMLElement): void {
  const range = document.createRange();
  range.selectNodeContents(shown);
  const selection = getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
}
