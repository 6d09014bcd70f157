import avro from 'avsc';

export type Value = Readonly<Record<string, unknown>>;

const types = new Map<string, avro.Type>();

/** The records of an Avro object container file with the null codec. */
export function records(file: Buffer): readonly Value[] {
  let at = 4;
  const long = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = file[at++] ?? 0;
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  };
  const bytes = (): Buffer => {
    const length = long();
    at += length;
    return file.subarray(at - length, at);
  };

  const metadata = new Map<string, string>();
  for (let count = long(); count > 0; count = long())
    for (; count > 0; count--) metadata.set(bytes().toString(), bytes().toString());
  const schema = metadata.get('avro.schema') ?? '';
  const type = types.get(schema) ?? avro.Type.forSchema(JSON.parse(schema));
  types.set(schema, type);

  const found: Value[] = [];
  for (at += SYNC; at < file.length; at += SYNC) {
    const count = long();
    const end = long() + at;
    for (let index = 0; index < count; index++) {
      const { value, offset }: { value: Value; offset: number } = type.decode(file, at);
      found.push(value);
      at = offset;
    }
    if (at !== end) throw new RangeError(`a block ends at ${at} and says ${end}`);
  }
  return found;
}

const SYNC = 16;
