import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import type { AuditContent } from '../core/records.generated.ts';
import { Writer } from './writer.ts';

/** What a datum of audit.content begins with. */
export type Heading = Omit<AuditContent, 'content' | 'sealed' | 'key_id' | 'content_commitment'>;

/** Which branch of its union a commitment is that is there. */
const COMMITTED = 1;

/** What an event says of its content. */
export interface Said {
  /** SHA-256(salt ‖ content). */
  readonly commitment: Buffer;
  /** Of the content. */
  readonly bytes: number;
}

export interface ContentWriter {
  begin(heading: Heading, content: string): Said;
  /** The datum that was begun. */
  end(sealed: Uint8Array, keyId: string): Buffer;
}

/**
 * Performance: content is written once, as UTF-8 behind its salt, to be hashed where it stands; only then its length, which a
 * datum has between both, is put there. The twins are avsc's `content` and `commit`.
 */
export function openContentWriter(): ContentWriter {
  const writer = new Writer();
  let commitment = Buffer.alloc(0);
  return {
    begin(heading, content) {
      writer.begin();
      writeHeading(writer, heading);
      const salt = writer.length;
      writer.raw(heading.content_salt);
      const from = writer.length;
      writer.letters(content);
      const bytes = writer.length - from;
      commitment = Buffer.from(hash('sha256', writer.view(salt), 'binary'), 'latin1');
      writer.insertLong(from, bytes);
      return { commitment, bytes };
    },
    end(sealed, keyId) {
      writer.long(sealed.length);
      writer.raw(sealed);
      writer.text(keyId);
      writer.long(COMMITTED);
      writer.raw(commitment);
      return writer.view(0);
    },
  };
}

function writeHeading(writer: Writer, heading: Heading): void {
  writer.text(heading.event_id);
  writer.long(heading.origin_epoch);
  writer.text(heading.origin_topic);
  writer.long(heading.origin_partition);
  writer.long(heading.origin_offset);
  writer.long(heading.origin_ordinal);
  writer.long(heading.occurred_at);
  writer.text(heading.retention_class);
  writer.long(heading.retention_bucket);
  writer.long(heading.retain_until);
}
