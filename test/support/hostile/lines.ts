import { ACCESS, type Hostile, hostile } from './message.ts';

/** A sound line of agentgateway's access log. */
export const LINE =
  '2026-01-05T10:00:00.5Z\tinfo\trequest gateway=ai/edge route=ai/claude http.method=POST http.status=200 duration=12ms';

const OWN = '2026-01-05T10:00:00Z\tinfo\tstate_manager::local\tconfiguration loaded';

/** Lines of text that nobody should take: a line that is read wrong may hide where another one ends. */
export function lines(): readonly Hostile[] {
  return [...spoilt(), ...among(), ...bytes()];
}

const refused = (name: string, text: string, place: RegExp): Hostile =>
  hostile(ACCESS, `line: ${name}`, () => text, place);

/** What is wrong stands behind sound pairs. */
function spoilt(): Hostile[] {
  const endings: readonly (readonly [string, string])[] = [
    ['a quote that does not close', 'note="no end'],
    ['a quote that closes too early', 'note="a"b'],
    ['an escape that means nothing', 'note="a\\x41"'],
    ['an escape that is cut', 'note="a\\'],
    ['half a surrogate pair in an escape', 'note="\\u{d800}"'],
    ['a character past U+10FFFF in an escape', 'note="\\u{110000}"'],
    ['an escape of no hex', 'note="\\u{zz}"'],
    ['an escaped NUL', 'note="a\\0b"'],
    ['an escaped NUL by its number', 'note="a\\u{0}b"'],
    ['a list that does not close', 'llm.prompt=[{"role": "user"}'],
    ['a map that does not close', 'tenant={"a": 1'],
    ['a key twice', 'http.status=500'],
    ['the time twice', 'time=2026-01-05T11:00:00Z'],
  ];
  return endings.map(([name, ending]) => refused(name, `${LINE} ${ending}`, /^message: line 1 has /));
}

function among(): Hostile[] {
  return [
    refused('words behind a sound one', `${LINE}\nand more words`, /^message: line 2 is no line/),
    refused('JSON behind a sound one', `${LINE}\n{"level":"info"}`, /^message: line 2 is no line/),
    refused('words before a sound one', `and words\n${LINE}`, /^message: line 1 is no line/),
    refused('a broken one behind one of its own', `${OWN}\n${LINE} note="no end`, /^message: line 2 has /),
    refused('a sound one behind ten of another log', `${'ready\n'.repeat(10)}${LINE}`, /^message: /),
    refused('words alone', 'all is well', /^message: /),
    refused('line breaks alone', '\n\r\n\n', /^message: /),
    refused(
      'an access log of nginx',
      '10.0.0.1 - - [05/Jan/2026:10:00:00 +0000] "POST / HTTP/1.1" 200 12',
      /^message: /,
    ),
  ];
}

function bytes(): Hostile[] {
  return [
    hostile(ACCESS, 'line: nothing at all', () => '', /^message: is empty$/),
    hostile(ACCESS, 'line: a raw NUL', () => `${LINE} note=a\0b`, /^byte \d+: is NUL$/),
    hostile(ACCESS, 'line: a byte order mark', () => `\ufeff${LINE}`, /^byte 0: /),
    hostile(ACCESS, 'line: UTF-16', () => Buffer.from(LINE, 'utf16le'), /^byte \d+: is NUL$/),
    hostile(
      ACCESS,
      'line: broken UTF-8',
      () => Buffer.concat([Buffer.from(`${LINE} note=`), Buffer.from([0xc3])]),
      /^byte \d+: is not UTF-8$/,
    ),
    hostile(ACCESS, 'line: 9 MB of them', () => `${LINE}\n`.repeat(90_000), /^message: is \d+ bytes long/),
  ];
}
