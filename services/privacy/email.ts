import { AT, type Detector, endOfMatch } from './detector.ts';

/** RFC 5321, 4.5.3.1.1: a mailbox's name has at most 64 octets. */
const LOCAL = 64;
const LOCAL_CHARACTER = /[A-Za-z0-9.!#$%&'*+/=?^_{|}~\u00c0-\u024f-]/;
const EDGE = /[A-Za-z0-9_\u00c0-\u024f]/;
/** Signs a name may hold, that stand before it far more often: `user=ada@…`, `{ada@…`, `/ada@…`. */
const SIGN = /[!#$%&'*/=?^{|}~]/;

const DOMAIN =
  /@(?:[A-Za-z0-9\u00c0-\u024f](?:[A-Za-z0-9\u00c0-\u024f-]{0,61}[A-Za-z0-9\u00c0-\u024f])?\.){1,8}(?:xn--[A-Za-z0-9-]{2,59}|[A-Za-z\u00c0-\u024f]{2,24})(?![A-Za-z0-9_\u00c0-\u024f@-]|\.[A-Za-z0-9])/y;

/** Files and systemd units: `icon@2x.png`, `getty@tty1.service`. */
const NO_DOMAIN =
  /^@[0-9]+\.[0-9]|\.(?:png|jpe?g|gif|svg|webp|[cm]?[jt]sx?|json|css|html?|ya?ml|txt|conf|log|lock|service|timer|socket|target|mount|slice|scope|gz|tgz)$/i;
/** Nobody's mailbox. */
const NOBODY = /^(?:git|no-?reply|do-?not-?reply|mailer-daemon)$/i;
/** An account on a host rather than a mailbox, or the id of a message. */
const NO_MAIL =
  /:\/\/[^\s/]{0,64}$|\b(?:ssh|scp|sftp|rsync|mosh|ssh-copy-id)\b[^\n|;&]{0,64}$|(?:essage-ID|eferences|n-Reply-To):? ?<?$/;

/** `account@host:path`, as copies over SSH name it. */
const PATH_BEHIND = /^:(?:[/~]|[\w.-]{1,62}\/)/;

/** An e-mail address (RFC 5321) in running text. The domain counts in small letters. */
export const email: Detector = {
  triggers: [AT],
  read(text, at) {
    if (!EDGE.test(text.charAt(at + 1))) return undefined;
    const end = endOfMatch(DOMAIN, text, at);
    if (end === undefined) return undefined;
    const domain = text.slice(at, end);
    const start = startOfName(text, at);
    if (start === at || NO_DOMAIN.test(domain) || NOBODY.test(text.slice(start, at))) return undefined;
    if (PATH_BEHIND.test(text.slice(end, end + LOCAL))) return undefined;
    if (NO_MAIL.test(text.slice(Math.max(0, start - 80), start))) return undefined;
    return { start, end, kind: 'email', value: text.slice(start, at) + domain.toLowerCase() };
  },
};

function startOfName(text: string, at: number): number {
  const earliest = Math.max(0, at - LOCAL);
  let start = at;
  while (start > earliest && LOCAL_CHARACTER.test(text.charAt(start - 1))) {
    if (SIGN.test(text.charAt(start - 1)) && !EDGE.test(text.charAt(start - 2))) break;
    if (/[=/&?{|]/.test(text.charAt(start - 1))) break;
    start--;
  }
  // The letter of `\n` in JSON kept as text is no part of the name behind it.
  if (start < at && text.charAt(start - 1) === '\\' && /[nrtbf]/.test(text.charAt(start))) start++;
  while (start < at && !EDGE.test(text.charAt(start))) start++;
  return start;
}
