import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExportLogsServiceRequestSchema } from '../../services/otlp/generated/logs_pb.ts';
import { readJson, readProto } from '../../services/otlp/read.ts';
import { writeJson, writeProto } from '../../services/otlp/write.ts';
import { record, records } from './records.ts';

/** One record's JSON, with attributes as given. */
const withAttributes = (...attributes: unknown[]) => ({
  resourceLogs: [{ scopeLogs: [{ logRecords: [{ attributes }] }] }],
});
const attribute = (key: unknown, value: unknown) => ({ key, value });
const place = 'resourceLogs.0.scopeLogs.0.logRecords.0';

test('what was written is read, the same from both encodings', () => {
  fc.assert(
    fc.property(records, (written) => {
      const read = readProto(writeProto(written));
      expect(read).toEqual({ records: written });
      expect(readJson(JSON.parse(JSON.stringify(writeJson(written))))).toEqual(read);
    }),
  );
});

describe('nothing makes a reader throw', () => {
  test('any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readProto(bytes)),
      { numRuns: 1000 },
    );
  });

  test('any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        readJson(value);
        readJson({ resourceLogs: value });
      }),
    );
  });

  test('valid messages with bits turned', () => {
    fc.assert(
      fc.property(records, fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), (written, flips) => {
        const bytes = writeProto(written);
        for (const flip of flips)
          bytes.fill(
            (bytes[flip % bytes.length] ?? 0) ^ (1 << (flip % 8)),
            flip % bytes.length,
            (flip % bytes.length) + 1,
          );
        void readProto(bytes);
      }),
      { numRuns: 500 },
    );
  });
});

test('a message cut off anywhere is refused, or is one that ends there', () => {
  const bytes = writeProto([record(), record({ resource: { attributes: { 'service.name': 'other' } } })]);
  const first = writeProto([record()]).length;
  for (let length = 1; length < bytes.length; length++) {
    const read = readProto(bytes.subarray(0, length));
    if (length === first) expect(read).toHaveProperty('records');
    else expect(read).toEqual({ error: expect.stringMatching(/^(resourceLogs\.\d|message)[\w.]*: is cut off/) });
  }
});

describe('integers', () => {
  test.each([
    ['5', 5],
    [5, 5],
    ['-9007199254740991', -9007199254740991],
    ['9007199254740993', '9007199254740993'],
    ['-9223372036854775808', '-9223372036854775808'],
  ])('intValue %s', (intValue, expected) => {
    expect(readJson(withAttributes(attribute('n', { intValue })))).toMatchObject({
      records: [{ attributes: { n: expected } }],
    });
  });

  test.each([
    [{ intValue: 2 ** 53 }, 'is no whole number within 2^53'],
    [{ intValue: '9223372036854775808' }, 'is past 64 bits'],
    [{ intValue: '1.5' }, 'is no whole number'],
    [{ intValue: {} }, 'is no whole number'],
    [{ doubleValue: 'NaN' }, 'is not a finite number'],
    [{ doubleValue: '-Infinity' }, 'is not a finite number'],
    [{ doubleValue: true }, 'is no number'],
    [{ boolValue: 'true' }, 'is neither true nor false'],
    [{ bytesValue: '~' }, 'is no base64'],
    [{ stringValue: 1 }, 'is no text'],
    [{ stringValue: 'a', intValue: 1 }, 'has more than one value'],
    [{ uuidValue: 'a' }, 'has a value of a kind that is not known'],
    [[], 'is no object'],
    [{ stringValue: 'a\0' }, 'holds a NUL'],
    [{ stringValue: '\ud800' }, 'holds a lone surrogate'],
    [{ kvlistValue: { values: [attribute('a', {}), attribute('a', {})] } }, 'appears twice'],
  ])('%j is refused with its place', (value, reason) => {
    const read = readJson(withAttributes(attribute('prompt', value)));
    expect(read).toEqual({ error: expect.stringContaining(`${place}.attributes.prompt`) });
    expect(read).toEqual({ error: expect.stringContaining(reason) });
  });
});

test('a double that is not finite is refused in protobuf as well', () => {
  expect(readProto(writeProto([record({ attributes: { cost: Number.NaN } })]))).toEqual({
    error: `${place}.attributes.cost: is not a finite number`,
  });
});

test('keys that would be lost are refused, and a strange one is not quoted', () => {
  const twice = [attribute('a', {}), attribute('a', {})];
  expect(readJson(withAttributes(...twice))).toEqual({ error: `${place}.attributes.a: appears twice` });
  expect(readJson(withAttributes(attribute('__proto__', {})))).toEqual({
    error: `${place}.attributes.__proto__: is no key that can be kept`,
  });
  expect(readJson(withAttributes(attribute('my secret', { intValue: 'x' })))).toEqual({
    error: `${place}.attributes.(key of 9 characters): is no whole number`,
  });
});

describe('nesting', () => {
  const nested = (levels: number): unknown => (levels === 0 ? 'x' : [nested(levels - 1)]);

  test('64 levels are read, from both encodings', () => {
    const written = [record({ attributes: { deep: nested(64) } })];
    expect(readProto(writeProto(written))).toEqual({ records: written });
    expect(readJson(writeJson(written))).toEqual({ records: written });
  });

  test('65 are refused', () => {
    const written = [record({ attributes: { deep: nested(65) } })];
    const refused = { error: expect.stringContaining('stands in more than 64 arrays and lists') };
    expect(readProto(writeProto(written))).toEqual(refused);
    expect(readJson(writeJson(written))).toEqual(refused);
  });

  test('10,000 neither overflow the stack nor take long', () => {
    let bytes = Uint8Array.of(0x08, 0x01);
    for (let level = 0; level < 10_000; level++) bytes = new BinaryWriter().uint32(0x0a).bytes(bytes).finish();
    expect(readProto(bytes)).toHaveProperty('error');

    let value: unknown = { stringValue: 'x' };
    for (let level = 0; level < 10_000; level++) value = { arrayValue: { values: [value] } };
    expect(readJson(withAttributes(attribute('deep', value)))).toEqual({
      error: expect.stringContaining('stands in more than 64'),
    });
  });
});

describe('what protobuf-es alone would let through', () => {
  /** resource_logs.scope_logs.log_records with these bytes as the record. */
  const around = (inner: Uint8Array): Uint8Array => {
    const scopeLogs = new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(inner).finish();
    const resourceLogs = new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(scopeLogs).finish();
    return new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(resourceLogs).finish();
  };

  test('a span is no log record, though the messages around them look the same', () => {
    const span = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(new Uint8Array(16)).finish();
    expect(readProto(around(span))).toEqual({ error: `${place}.timeUnixNano: has wire type 2, not 1` });
  });

  test('a field sent twice', () => {
    const twice = new BinaryWriter().tag(3, 2).string('INFO').tag(3, 2).string('WARN').finish();
    expect(readProto(around(twice))).toEqual({ error: `${place}.severityText: is set twice` });
  });

  test('text that is no UTF-8', () => {
    const invalid = new BinaryWriter().tag(3, 2).bytes(Uint8Array.of(0xc0, 0xaf)).finish();
    expect(readProto(around(invalid))).toEqual({ error: `${place}.severityText: is not UTF-8` });
  });

  test('a length past the end of the message around it', () => {
    const overrun = around(new BinaryWriter().tag(3, 2).string('INFO').finish());
    const bytes = Uint8Array.from([...overrun, 0x0a, 0x00]);
    bytes[bytes.length - 7] = 5;
    expect(readProto(bytes)).toEqual({ error: `${place}.severityText: is cut off` });
  });

  test('an id of another length', () => {
    const short = new BinaryWriter().tag(9, 2).bytes(new Uint8Array(15)).finish();
    expect(readProto(around(short))).toEqual({ error: `${place}.traceId: is 15 bytes long, not 16` });
  });
});

describe('fields of a later protocol', () => {
  test('are kept, by place and field number', () => {
    const bytes = toBinary(
      ExportLogsServiceRequestSchema,
      create(ExportLogsServiceRequestSchema, { resourceLogs: [{ scopeLogs: [{ logRecords: [{}] }] }] }),
    );
    const tail = new BinaryWriter().tag(99, WireType.LengthDelimited).string('later').finish();
    expect(readProto(Uint8Array.from([...bytes, ...tail]))).toMatchObject({
      records: [{ unknown: { 'logsData.99/2': [Buffer.from('\x05later').toString('base64')] } }],
    });
  });

  test('are kept, by place and name', () => {
    const logRecords = [{ laterField: { a: 1 } }];
    expect(readJson({ resourceLogs: [{ later: 'x', scopeLogs: [{ logRecords }] }] })).toMatchObject({
      records: [{ unknown: { 'resourceLogs.later': 'x', 'logRecord.laterField': { a: 1 } } }],
    });
  });
});

describe('OTLP/JSON', () => {
  test('takes the names of the protocol', () => {
    const log_records = [{ time_unix_nano: '5', trace_id: '5B8EFFF798038103D269B633813FC60C', attributes: [] }];
    expect(readJson({ resource_logs: [{ scope_logs: [{ log_records }] }] })).toMatchObject({
      records: [{ time_unix_nano: '5', trace_id: '5b8efff798038103d269b633813fc60c' }],
    });
  });

  test('refuses both names of one field', () => {
    const logRecords = [{ timeUnixNano: '5', time_unix_nano: '5' }];
    expect(readJson({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })).toEqual({
      error: `${place}.timeUnixNano: is set twice`,
    });
  });

  test.each([
    [{ traceId: 'W47/95gDgQPSabYzgT/GDA==' }, 'traceId: is not 32 hex digits'],
    [{ spanId: 'zz' }, 'spanId: is not 16 hex digits'],
    [{ timeUnixNano: -1 }, 'timeUnixNano: is no number of nanoseconds'],
    [{ timeUnixNano: '18446744073709551616' }, 'timeUnixNano: is no number of nanoseconds'],
    [{ severityNumber: 'SEVERITY_NUMBER_INFO' }, 'severityNumber: is no number of 32 bits'],
    [{ attributes: {} }, 'attributes: is no list'],
  ])('%j is refused', (logRecord, reason) => {
    expect(readJson({ resourceLogs: [{ scopeLogs: [{ logRecords: [logRecord] }] }] })).toEqual({
      error: `${place}.${reason}`,
    });
  });

  test.each([{}, [], null, 'x', { resourceSpans: [] }, { resourceLogs: [] }])('%j holds no records', (value) => {
    expect(readJson(value)).toHaveProperty('error');
  });

  test('reads zeroes and empty texts as not set', () => {
    const logRecords = [
      { traceId: '0'.repeat(32), spanId: '', timeUnixNano: '0', severityText: '', flags: 0, body: null },
    ];
    const read = readJson({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
    expect(JSON.stringify(read)).toBe(
      '{"records":[{"resource":{"attributes":{}},"scope":{"attributes":{}},"attributes":{}}]}',
    );
  });
});
