import type { Format } from '../../../services/core/format.ts';
import { readJson as readOtlpJson } from '../../../services/otlp/read.ts';
import { writeProto } from '../../../services/otlp/write.ts';
import { type Binding, bind, DEFAULT_TOPICS } from '../../../services/processes/bindings.ts';
import { goldens } from '../../support/goldens.ts';
import { textOf } from './raw.ts';

/** A message of a format on a topic that takes it. */
export interface Fixture {
  readonly binding: Binding;
  /** JSON before it is written, or lines of text. */
  readonly wire: unknown;
}

/** Every golden of every format, on every default topic that takes it in an encoding it is written for. */
export function fixtures(): readonly Fixture[] {
  return [...bind(DEFAULT_TOPICS).values()].flatMap((binding) =>
    binding.formats.flatMap((format) => wiresOf(format, binding).map((wire) => ({ binding, wire }))),
  );
}

function wiresOf(format: Format, { encoding }: Binding): readonly unknown[] {
  const wires = goldens(format).map(({ wire }) => wire);
  return wires.filter((wire) => (typeof wire === 'string') === (encoding === 'text'));
}

/** The bytes of a message; undefined where its encoding has no way to write it. */
export function bytesOf({ binding, wire }: Fixture): Buffer | undefined {
  if (typeof wire === 'string' && binding.encoding === 'text') return Buffer.from(wire);
  const text = textOf(wire);
  return binding.encoding === 'otlp_proto' ? protobufOf(text) : Buffer.from(text);
}

function protobufOf(json: string): Buffer | undefined {
  try {
    const read = readOtlpJson(JSON.parse(json));
    return 'error' in read ? undefined : Buffer.from(writeProto(read.records));
  } catch {
    return undefined;
  }
}
