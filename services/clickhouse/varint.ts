/** A length as ClickHouse writes it (LEB128), and where it ends. */
export function varint(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  let [value, at, scale] = [0, from, 1];
  for (;;) {
    const byte = bytes[at++];
    if (byte === undefined) throw new RangeError('the block ends within a length');
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, next: at };
    scale *= 128;
  }
}
