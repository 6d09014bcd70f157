import { openEventReader } from '../../codec/event-reader.ts';
import type { AuditEvent } from '../../core/event.ts';
import { openProfile, openShow, type Profile } from '../../privacy/profile.ts';

/** Events as one receiver may see them. What is read of a datum is whole until another is read. */
export interface View {
  /** Of an Avro datum. */
  read(datum: Uint8Array): AuditEvent;
  /** Of an event that was read before; the same as `read` of its datum. */
  of(event: AuditEvent): AuditEvent;
}

export const openView = (profile: Profile, key: Uint8Array): View => ({
  read: openEventReader(openShow(profile, key), profile === 'clear'),
  of: openProfile(profile, key),
});
