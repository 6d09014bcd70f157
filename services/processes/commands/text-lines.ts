const LINE_FEED = 0x0a;
const BLANK: readonly (number | undefined)[] = [0x20, 0x09, 0x0d];

/** The messages of a file of text: its lines but for blank ones, as their bytes stand. */
export function textLines(file: Uint8Array): readonly { readonly bytes: Uint8Array }[] {
  const found: { readonly bytes: Uint8Array }[] = [];
  for (let from = 0; from < file.length; ) {
    const feed = file.indexOf(LINE_FEED, from);
    const to = feed === -1 ? file.length : feed;
    const bytes = file.subarray(from, to);
    if (bytes.some((byte) => !BLANK.includes(byte))) found.push({ bytes });
    from = to + 1;
  }
  return found;
}
