import { compressSync, uncompressSync } from 'snappy';

/** What snappy-java's SnappyOutputStream, and so every Java producer, begins with: magic, version 1, compatible with 1. */
const HEADER = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00, 0, 0, 0, 1, 0, 0, 0, 1]);
const MAGIC_BYTES = 8;
const BLOCK_BYTES = 32 * 1024;

/** Snappy as Java's Kafka client writes it: a header, then blocks with their length before them. */
export function compress(plain: Buffer): Buffer {
  const parts: Buffer[] = [HEADER];
  for (let at = 0; at < plain.length; at += BLOCK_BYTES) {
    const block = compressSync(plain.subarray(at, at + BLOCK_BYTES));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

/** Reads what Java clients write, and the bare blocks that others do. */
export function decompress(packed: Buffer): Buffer {
  if (!packed.subarray(0, MAGIC_BYTES).equals(HEADER.subarray(0, MAGIC_BYTES))) return bare(packed);
  const blocks: Buffer[] = [];
  for (let at = HEADER.length; at < packed.length; ) {
    const end = at + 4 + packed.readUInt32BE(at);
    if (end > packed.length) throw new RangeError('snappy: a block is cut short');
    blocks.push(bare(packed.subarray(at + 4, end)));
    at = end;
  }
  return Buffer.concat(blocks);
}

function bare(block: Buffer): Buffer {
  return Buffer.from(uncompressSync(block, { asBuffer: true }));
}
