/** A number as JSON. What JSON has no number for is a text, as protobuf's JSON has it: a source may have sent it. */
export const numeral = (value: number): string => (Number.isFinite(value) ? String(value) : `"${value}"`);
